using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Connections;
using Pipeline.Storage;

// What the verbs are. Each stands in a file of its own in Commands/, and only the one that was asked for is made.
return await Verbs.RunAsync(
    args,
    new Verb("serve", () => ServeCommand.Create(ComposeAsync)),
    new Verb("stdio", () => StdioCommand.Create(ComposeAsync)),
    new Verb("own", () => OwnCommand.Create(ComposeAsync)));

// The house behind the doors is put together here.
static Task<Composition> ComposeAsync(DataFolder folder, CancellationToken cancellation) =>
    Task.FromResult(new Composition
    {
        Servers = new ServerFactory(static _ => new(), null, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance),
    });
