using System.Text.Json;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Moving;

/// <summary>
/// The note in a data folder that its house lives elsewhere now. Whoever would serve from the folder what is elsewhere is refused; with the settings
/// that name the new place the folder serves on, as a node's own: unfinished uploads are in it, and the operator's catalogue.
/// </summary>
/// <param name="Postgres">Where the rows are; null while they are here.</param>
/// <param name="Objects">Where the objects are; null while they are here.</param>
/// <param name="Finished">False from shortly before the new place counts until the move has ended.</param>
/// <param name="At">When this was written.</param>
internal sealed record MovedMark(string? Postgres, string? Objects, bool Finished, DateTimeOffset At)
{
    public static string FileOf(string dataFolder) => Path.Combine(dataFolder, "moved.json");

    /// <summary>The note of a folder; null when its house has never moved.</summary>
    public static MovedMark? Read(string dataFolder) => File.Exists(FileOf(dataFolder)) ? Wire.Read<MovedMark>(File.ReadAllText(FileOf(dataFolder))) : null;

    /// <summary>Leaves the note, whole or not at all, and on disk when this returns.</summary>
    public void Write(string dataFolder) => DurableFile.Write(FileOf(dataFolder), JsonSerializer.Serialize(this, Wire.Json));

    /// <summary>Lets only those pass who serve from where things are.</summary>
    /// <exception cref="InvalidDataException">This folder's house has moved.</exception>
    public static void Require(DataFolder folder, IDatabase database, IObjectStore objects)
    {
        if (Read(folder.Root) is not { } mark || ((mark.Postgres is null || database.Dialect == Dialect.Postgres) && (mark.Objects is null || objects is S3ObjectStore)))
        {
            return;
        }

        var places = string.Join(" and ", new[] { mark.Postgres is { } rows ? $"its rows to the {rows}" : null, mark.Objects is { } bytes ? $"its objects to the {bytes}" : null }.OfType<string>());
        var file = FileOf(folder.Root);
        throw new InvalidDataException(mark.Finished
            ? $"The house in {folder.Root} has moved, {places}, on {mark.At:u}. Serve it from there: set {Needed(mark)}. To go back to what this folder held then, and lose what was done since, remove {file}."
            : $"The house in {folder.Root} is being moved, {places}. Run the same 'pipeline migrate' again and it goes on; or remove {file} to stay here, as long as nothing has been served from there.");
    }

    private static string Needed(MovedMark mark) =>
        string.Join(" and ", new[] { mark.Postgres is null ? null : "PIPELINE_POSTGRES", mark.Objects is null ? null : "PIPELINE_S3_*" }.OfType<string>());
}
