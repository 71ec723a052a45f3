using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Tests.Plans;

public sealed class PlanGuideTests
{
    [Fact]
    public void The_document_is_in_step_with_the_code()
    {
        var file = Path.Combine(Root(), "docs", "plans.md");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") File.WriteAllText(file, PlanGuide.Write());

        Assert.Equal(PlanGuide.Write(), File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    // The sources' folder is written with another name into a deterministic build, so the root is found from the output folder.
    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("No Pipeline.sln above the tests.");
        return folder.FullName;
    }
}
