using Pipeline.McpServer.Connections;
using Pipeline.Storage;

namespace Pipeline.McpServer.Commands;

/// <summary>Puts together what an owner of a data folder runs. Called once the folder is owned; a relay never calls it.</summary>
/// <param name="folder">The owned folder.</param>
/// <param name="cancellation">Ends an unfinished start.</param>
public delegate Task<Composition> Compose(DataFolder folder, CancellationToken cancellation);
