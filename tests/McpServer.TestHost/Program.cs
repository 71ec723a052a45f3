using Pipeline.McpServer.Commands;
using Pipeline.McpServer.TestHost;

// The real verbs with a small house behind them.
return await Verbs.RunAsync(
    args,
    new Verb("serve", () => ServeCommand.Create(SampleComposition.ComposeAsync)),
    new Verb("stdio", () => StdioCommand.Create(SampleComposition.ComposeAsync)),
    new Verb("own", () => OwnCommand.Create(SampleComposition.ComposeAsync)));
