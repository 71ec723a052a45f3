using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>So many offers of one organization are open that another would only be lost among them.</summary>
public sealed class TooManyOffersError : ToolError
{
    public TooManyOffersError(string organization, int most) : base("too_many_transfers",
        $"{most} transfers of '{organization}' are open already; they end by themselves after 72 h, or when one is claimed.") => Facts = new { organization, most };
}
