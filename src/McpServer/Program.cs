using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Serving;

// What the verbs are. Each stands in a file of its own in Commands/, and only the one that was asked for is made.
return await Verbs.RunAsync(
    args,
    new Verb("demo", DemoCommand.Create),
    new Verb("serve", () => ServeCommand.Create(PipelineHost.OpenAsync)),
    new Verb("stdio", () => StdioCommand.Create(PipelineHost.OpenAsync)),
    new Verb("call", CallCommand.Create),
    new Verb("tools", ToolsCommand.Create),
    new Verb("direct", DirectCommand.Create),
    new Verb("work", WorkCommand.Create),
    new Verb("doctor", DoctorCommand.Create),
    new Verb("migrate", MigrateCommand.Create),
    new Verb("scrub", ScrubCommand.Create),
    new Verb("gc", GcCommand.Create),
    new Verb("own", () => OwnCommand.Create(PipelineHost.OpenAsync)));
