using Pipeline.Tools.Models;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Models;

public sealed class ListModelsTests
{
    private const string Own =
        """
        {"models": [{"id": "own-denoise", "version": "1", "provider": "house", "kind": "local", "capabilities": ["denoise"], "inputs": ["video"], "outputs": ["video"],
          "price": {}, "tier": "draft", "latency": {"fixed_seconds": 1}, "quality": 0.5}]}
        """;

    [Fact]
    public async Task Models_are_listed_by_what_they_can_do()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        var all = (await client.CallAsync("list_models", new { })).GetProperty("models");
        var some = (await client.CallAsync("list_models", new { capability = "generate_video", tier = "premium" })).GetProperty("models");

        Assert.Equal(Catalogue.Shipped().Models.Count, all.GetArrayLength());
        Assert.NotEmpty(some.EnumerateArray());
        Assert.All(some.EnumerateArray(), card => Assert.Equal("premium", card.GetProperty("tier").GetString()));
        await client.RefusedAsync("list_models", new { tier = "royal" }, "invalid_argument");
        var misspelt = await client.RefusedAsync("list_models", new { capability = "generate_vidoe" }, "invalid_argument");
        Assert.Contains("generate_video", misspelt.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operators_file_adds_to_the_shipped_models()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-models-");
        try
        {
            await (await House.OpenAsync(folder: folder.FullName)).DisposeAsync();
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "data", "models.json"), Own);
            await using var house = await House.OpenAsync(folder: folder.FullName);
            var client = await house.ConnectAsync();

            var listed = (await client.CallAsync("list_models", new { capability = "denoise" })).GetProperty("models").EnumerateArray().Select(card => card.GetProperty("id").GetString());

            Assert.Contains("own-denoise", listed);
            Assert.Throws<InvalidCatalogueError>(() => OperatorCatalogue.Load("/nowhere/models.json", "unused"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
