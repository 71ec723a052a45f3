using Pipeline.McpServer.Commands;
using Pipeline.Reliability.Host;

// The real `serve`, with faults that are ordered over standard input. It ends with its standard input, so that it never outlives who started it.
var house = new FaultyHouse();
new ControlLine(house).Start();
return await Verbs.RunAsync(args, new Verb("serve", () => ServeCommand.Create(house.OpenAsync)));
