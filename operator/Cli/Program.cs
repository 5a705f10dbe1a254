using EdgeRelease.Cli;

return await Shell.RunAsync(args, Screen.OfConsole());
