using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>A decision with all that it was made from.</summary>
internal sealed record Routed(Decision Decision, RouteRequest Request, RoutingState State, Catalogue Catalogue)
{
    public static Routed Of(RouteRequest request, RoutingState state, Catalogue catalogue) => new(Router.Choose(request, catalogue, state), request, state, catalogue);

    public Routed With(RoutingState state) => Of(Request, state, Catalogue);
}
