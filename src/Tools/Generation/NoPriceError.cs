using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>The model has no price for what was asked: no price, no call.</summary>
public sealed class NoPriceError : ToolError
{
    public NoPriceError(string model)
        : base("no_price", $"'{model}' has no price for this request, and nothing is bought at an unknown price. An admin adds the price to its card.") => Facts = new { model };
}
