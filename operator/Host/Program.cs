using System.CommandLine;
using EdgeRelease.Api;
using EdgeRelease.Host;

var options = new CommandLine();
var root = new RootCommand("Rolls out Losant flows step by step, and back.");
foreach (var option in options.All)
{
    root.Options.Add(option);
}

root.SetAction((parsed, cancel) => Lifetime.RunAsync(options.Read(parsed), cancel));

var directory = new Argument<string>("DIR") { Description = "the folder to write into" };
var generate = new Command("generate", "Writes the CustomResourceDefinitions and their reference.") { directory };
generate.SetAction(parsed => CrdFiles.Write(parsed.GetRequiredValue(directory)));
root.Subcommands.Add(generate);

var addresses = new Argument<Uri[]>("URL") { Description = "what shall answer with 200" };
var probe = new Command("probe", "Ends with 0 when each address answers, as helm's test does it.") { addresses };
probe.SetAction((parsed, cancel) => Probe.RunAsync(parsed.GetRequiredValue(addresses), Console.Error, cancel));
root.Subcommands.Add(probe);

// The default would end the process 2 s after SIGTERM, in the middle of a pass.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = Lifetime.Grace + TimeSpan.FromSeconds(5) };
return await root.Parse(args).InvokeAsync(invocation);
