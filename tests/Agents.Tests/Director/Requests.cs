using Pipeline.Agents.Director;

namespace Pipeline.Agents.Tests.Director;

internal static class Requests
{
    public static PlanRequest Usual { get; } = new() { Workspace = "coast", Brief = "A 20 second film: the lighthouse at night, then the market, then the storm", Source = "coast/footage/day.mp4", Name = "film" };
}
