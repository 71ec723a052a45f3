using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Tests.Plans;

public sealed class PlanProofTests
{
    [Theory]
    [InlineData("""{"id": "a", "capability": "probe", "inputs": {"asset": "w/a"}, "colour": 1}""", "unknown_field", "steps[0].colour")]
    [InlineData("""{"id": "A!", "capability": "x-y"}""", "bad_id", "steps[0].id")]
    [InlineData("""{"capability": "x-y"}""", "missing_field", "steps[0].id")]
    [InlineData("""{"id": "a", "capability": "teleport"}""", "unknown_capability", "steps[0].capability")]
    [InlineData("""{"id": "a", "capability": "x-y", "needs": ["b"]}""", "missing_need", "steps[0].needs[0]")]
    [InlineData("""{"id": "a", "capability": "x-y", "needs": ["a"]}""", "cycle", "steps")]
    [InlineData("""{"id": "a", "capability": "probe"}""", "missing_input", "steps[0].inputs")]
    [InlineData("""{"id": "a", "capability": "extract", "inputs": {"asset": "w/a", "start_seconds": 1, "output": "w/b"}}""", "missing_input", "steps[0].inputs")]
    [InlineData("""{"id": "a", "capability": "probe", "inputs": {"asset": 3}}""", "input_type", "steps[0].inputs.asset")]
    [InlineData("""{"id": "a", "capability": "probe", "inputs": {"asset": "no-workspace"}}""", "input_type", "steps[0].inputs.asset")]
    [InlineData("""{"id": "a", "capability": "query", "inputs": {"query": "x", "limit": "${inputs.n}0"}}""", "input_type", "steps[0].inputs.limit")]
    [InlineData("""{"id": "a", "capability": "probe", "inputs": {"asset": "w/a", "speed": 1}}""", "unknown_input", "steps[0].inputs.speed")]
    [InlineData("""{"id": "a", "capability": "x-y", "when": "1 +"}""", "bad_expression", "steps[0].when")]
    [InlineData("""{"id": "a", "capability": "x-y", "inputs": {"b": ["${1 +}"]}}""", "bad_expression", "steps[0].inputs.b[0]")]
    [InlineData("""{"id": "a", "capability": "x-y", "inputs": {"b": "${steps.z.outputs.q}"}}""", "unknown_reference", "steps[0].inputs.b")]
    [InlineData("""{"id": "a", "capability": "x-y", "inputs": {"b": "${item.x}"}}""", "unknown_reference", "steps[0].inputs.b")]
    [InlineData("""{"id": "a", "capability": "x-y", "join": 2}""", "join_too_large", "steps[0].join")]
    [InlineData("""{"id": "a", "capability": "x-y", "join": "most"}""", "wrong_type", "steps[0].join")]
    [InlineData("""{"id": "a", "capability": "x-y", "timeout_seconds": 0}""", "out_of_range", "steps[0].timeout_seconds")]
    [InlineData("""{"id": "a", "capability": "x-y", "retry": {"max_attempts": 2.5}}""", "wrong_type", "steps[0].retry.max_attempts")]
    [InlineData("""{"id": "a", "capability": "x-y", "approval": "yes"}""", "wrong_type", "steps[0].approval")]
    [InlineData("""{"id": "a", "capability": "x-y", "tier": "gold"}""", "wrong_type", "steps[0].tier")]
    [InlineData("""{"id": "a", "capability": "x-y", "inputs": {"q": 1, "q": 2}}""", "duplicate_field", "steps[0].inputs")]
    [InlineData("""{"id": "a", "capability": "x-y", "quality": {"metric": "m", "min": 1, "on_fail": {"route_to": "b"}}}""", "missing_need", "steps[0].quality.on_fail.route_to")]
    [InlineData("""{"id": "a", "capability": "generate_video", "models": ["nobody"], "inputs": {"prompt": "x", "output": "w/o"}}""", "unknown_model", "steps[0].models[0]")]
    [InlineData("""{"id": "a", "capability": "generate_video", "models": ["legacy-video"], "inputs": {"prompt": "x", "output": "w/o"}}""", "retired_model", "steps[0].models[0]")]
    [InlineData("""{"id": "a", "capability": "generate_video", "models": ["swift-motion"], "inputs": {"prompt": "x", "output": "w/o"}}""", "unfit_model", "steps[0].models[0]")]
    public void One_thing_wrong_is_one_problem(string step, string code, string path)
    {
        var problem = Assert.Single(Make.Check($$"""{"steps": [{{step}}]}""").Problems);

        Assert.Equal(code, problem.Code);
        Assert.Equal(path, problem.Path);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        var problems = Make.Check("""
            {"steps": [{"id": "a", "capability": "nope", "needs": ["gone"]},
                       {"id": "a", "capability": "x-y"},
                       {"id": "b", "capability": "probe", "inputs": {"asset": true}, "when": "("}], "extra": 1}
            """).Problems;

        Assert.Equal(["bad_expression", "duplicate_id", "input_type", "missing_need", "unknown_capability", "unknown_field"], problems.Select(problem => problem.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_cycle_is_told_with_its_path()
    {
        var problem = Assert.Single(Make.Check("""
            {"steps": [{"id": "z", "capability": "x-y"}, {"id": "a", "capability": "x-y", "needs": ["z", "c"]},
                       {"id": "b", "capability": "x-y", "needs": ["a"]}, {"id": "c", "capability": "x-y", "needs": ["b"]}]}
            """).Problems);

        Assert.Equal("cycle", problem.Code);
        Assert.Contains("a -> b -> c -> a", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Order_keeps_to_the_plan_where_it_may()
    {
        var plan = Make.Steps("""{"id": "d", "capability": "x-y", "needs": ["c"]}""", """{"id": "b", "capability": "x-y"}""",
            """{"id": "c", "capability": "x-y"}""", """{"id": "a", "capability": "x-y"}""");

        Assert.Equal(["b", "c", "d", "a"], plan.Graph.Order);
    }

    [Fact]
    public void Expressions_are_typed_against_what_the_other_step_gives()
    {
        const string Find = """{"id": "find", "capability": "query", "inputs": {"query": "x"}}""";

        var wrongType = Make.Check($$$"""{"steps": [{{{Find}}}, {"id": "p", "capability": "probe", "needs": ["find"], "inputs": {"asset": "${steps.find.outputs.hits}"}}]}""");
        var noOutput = Make.Check($$$"""{"steps": [{{{Find}}}, {"id": "p", "capability": "probe", "needs": ["find"], "inputs": {"asset": "${steps.find.outputs.asset}"}}]}""");
        var noNeed = Make.Check($$$"""{"steps": [{{{Find}}}, {"id": "p", "capability": "probe", "inputs": {"asset": "${steps.find.outputs.hits[0].asset}"}}]}""");

        Assert.Equal("input_type", Assert.Single(wrongType.Problems).Code);
        Assert.Equal("unknown_reference", Assert.Single(noOutput.Problems).Code);
        Assert.Equal("unknown_reference", Assert.Single(noNeed.Problems).Code);
    }

    [Fact]
    public void The_guide_s_own_example_is_a_good_plan()
    {
        var guide = PlanGuide.Write();
        var start = guide.IndexOf("```json", StringComparison.Ordinal) + 7;

        var plan = Make.Plan(guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)]);

        Assert.True(plan.Graph.IsRepair("mend"));
        Assert.Empty(plan.Warnings);
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{}""")]
    [InlineData("""{"steps": {}}""")]
    [InlineData("""{"steps": []}""")]
    [InlineData("""{"steps": [1, null, "a"]}""")]
    public void No_plan_at_all_is_an_invalid_plan(string json) => Assert.NotEmpty(Make.Check(json).Problems);

    [Fact]
    public void Five_hundred_steps_are_enough()
    {
        Assert.Empty(Make.Check(Chain(500)).Problems);
        Assert.Equal("out_of_range", Assert.Single(Make.Check(Chain(501)).Problems, problem => problem.Path == "steps").Code);

        static string Chain(int length) => $$"""{"steps": [{{string.Join(",", Enumerable.Range(0, length).Select(i => $$"""{"id": "s{{i}}", "capability": "x-y", "needs": [{{(i == 0 ? "" : $"\"s{i - 1}\"")}}]}"""))}}]}""";
    }
}
