using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Serving;

return await Verbs.RunAsync(args, new Verb("serve", () => ServeCommand.Create(PipelineHost.OpenAsync)));
