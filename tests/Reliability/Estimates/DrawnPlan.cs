using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Estimates;

/// <summary>A plan drawn from a seed: chains, branches that merge, fans, fans of which a join takes the first, and all of it at once, over every model of the price list.</summary>
/// <param name="Kind">What it is, in a word.</param>
/// <param name="Calls">Purchases that it makes.</param>
internal sealed record DrawnPlan(string Kind, int Calls, JsonObject Document)
{
    private static readonly string[] Kinds = ["chain", "branches", "fan", "first of two", "film"];

    /// <param name="name">Its outputs are named by it, so no two plans may share one.</param>
    /// <param name="workspace">Where they go.</param>
    /// <param name="number">Which kind, in turn.</param>
    /// <param name="random">Everything else.</param>
    public static DrawnPlan Draw(string name, string workspace, int number, Random random)
    {
        var draft = new Draft(name, workspace, random);
        var kind = Kinds[number % Kinds.Length];
        switch (kind)
        {
            case "chain":
                draft.Chain("link", random.Next(3, 7));
                break;
            case "branches":
                draft.Merge("cut", [.. Enumerable.Range(0, random.Next(3, 7)).Select(branch => draft.Call($"branch-{branch}"))]);
                break;
            case "fan":
                draft.Call("last", draft.Fan("shot", random.Next(3, 9), draft.Call("first")));
                break;
            case "first of two":
                var root = draft.Call("root");
                draft.Join("either", "any", draft.Call("one", root), draft.Call("other", draft.Call("between", root)));
                break;
            default:
                var keys = draft.Fan("key", random.Next(2, 6), draft.Call("script"));
                var music = draft.Call("music", "script");
                draft.Merge("cut", [draft.Call("take-a", keys), draft.Call("take-b", keys), music]);
                break;
        }

        return new(kind, draft.Calls, draft.Document());
    }

    /// <summary>Every model so many times, all at once.</summary>
    public static DrawnPlan Every(string name, string workspace, int times)
    {
        var draft = new Draft(name, workspace, new Random(0));
        foreach (var model in PriceList.Models)
        {
            draft.Fan(model.Id, times, null, model);
        }

        return new("every model", draft.Calls, draft.Document());
    }

    /// <summary>One step after another.</summary>
    public static DrawnPlan OneAfterAnother(string name, string workspace, int calls, Random random)
    {
        var draft = new Draft(name, workspace, random);
        draft.Chain("link", calls);
        return new("chain", draft.Calls, draft.Document());
    }

    private sealed class Draft(string name, string workspace, Random random)
    {
        private readonly JsonArray _steps = [];

        public int Calls { get; private set; }

        public JsonObject Document() => new() { ["name"] = name, ["steps"] = _steps };

        public string Call(string id, params string[] needs) => Add(id, needs, PriceList.Models[random.Next(PriceList.Models.Count)], 1);

        public void Chain(string id, int length)
        {
            for (var link = 0; link < length; link++)
            {
                Call($"{id}-{link}", link == 0 ? [] : [$"{id}-{link - 1}"]);
            }
        }

        public string Fan(string id, int width, string? need, PricedModel? model = null)
        {
            Add(id, need is null ? [] : [need], model ?? PriceList.Models[random.Next(PriceList.Models.Count)], width);
            _steps[^1]!["for_each"] = new JsonArray([.. Enumerable.Range(0, width).Select(item => JsonValue.Create(item))]);
            return id;
        }

        public void Join(string id, string join, params string[] needs)
        {
            Call(id, needs);
            _steps[^1]!["join"] = join;
        }

        public void Merge(string id, string[] needs) => Call(id, needs);

        private string Add(string id, string[] needs, PricedModel model, int calls)
        {
            Calls += calls;
            var item = calls > 1 ? "-${item}" : "";
            _steps.Add(new JsonObject
            {
                ["id"] = id, ["capability"] = model.Capability, ["needs"] = new JsonArray([.. needs.Select(need => JsonValue.Create(need))]), ["models"] = new JsonArray(model.Id),
                ["inputs"] = new JsonObject { ["prompt"] = $"{name} {id}{item}", ["output"] = $"{workspace}/{name}/{id}{item}{model.Ending}" },
            });
            return id;
        }
    }
}
