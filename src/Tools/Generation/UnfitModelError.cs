using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>The model cannot take what was asked. Nothing was reserved.</summary>
public sealed class UnfitModelError : ToolError
{
    public UnfitModelError(string model, string capability, IReadOnlyList<string> misfits)
        : base("unfit_model", $"'{model}' cannot take this: it {string.Join("; ", misfits)}. Change the request, or ask route_step for a model that can.")
    {
        Facts = new { model, capability, misfits };
        Next = "route_step";
    }
}
