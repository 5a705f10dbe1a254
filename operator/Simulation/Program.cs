return await EdgeRelease.Simulation.ServeCommand.RunAsync(args);
