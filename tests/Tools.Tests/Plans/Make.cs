using System.Text.Json;
using Pipeline.Tools.Models;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Tests.Plans;

/// <summary>Plans for tests, checked against the shipped catalogue on a fixed day.</summary>
internal static class Make
{
    public static readonly DateOnly Day = new(2026, 11, 21);

    public static readonly Catalogue Models = Catalogue.Shipped();

    public static ProvenPlan Check(string json) => PlanProof.Check(JsonDocument.Parse(json).RootElement, Models, Day);

    public static ProvenPlan Plan(string json) => PlanProof.Require(JsonDocument.Parse(json).RootElement, Models, Day);

    /// <summary>A plan of steps written without the outer braces.</summary>
    public static ProvenPlan Steps(params string[] steps) => Plan($$"""{"steps": [{{string.Join(",", steps)}}]}""");
}
