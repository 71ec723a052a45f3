using Pipeline.Reliability;
using Pipeline.Reliability.Clients;

return args is [ClientProgram.Verb, .. var rest] ? await ClientProgram.RunAsync(rest) : await Chaos.MainAsync(args);
