using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Tests.Routing;

public sealed class PromptComplexityTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a red ball", 0.03)]
    [InlineData("Camera CAMERA camera", 0.15)]
    [InlineData("clip", 0.13)]
    [InlineData("a wide shot,\tdepth of  field", 0.18)]
    [InlineData("camer then", 0.14)]
    public void Words_count_a_little_and_hard_things_once_each(string prompt, double complexity) => Assert.Equal(complexity, PromptComplexity.Of(prompt), 9);

    [Fact]
    public void It_ends_at_one() => Assert.Equal(1, PromptComplexity.Of(string.Join(' ', Enumerable.Repeat("word", 500))));
}
