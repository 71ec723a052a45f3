using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Http;
using Pipeline.McpServer.TestHost;

await using var composition = SampleComposition.Create();
await using var door = await HttpDoor.OpenAsync(
    new HttpDoorOptions { Url = new Uri("http://127.0.0.1:0") }, composition, new ConnectionLimits(), TimeProvider.System, default);
await Console.Error.WriteLineAsync($"listening on {door.Url}");
await Task.Delay(Timeout.Infinite);
