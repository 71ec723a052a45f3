using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>Makes a stored decision again from what was stored with it. Pure: needs no store, no clock and no network.</summary>
public static class Replay
{
    /// <summary>The decision, from its stored request and state.</summary>
    /// <param name="given">A <see cref="DecisionGiven"/> as JSON.</param>
    /// <param name="catalogue">The catalogue that was kept with it.</param>
    public static Decision Of(string given, Catalogue catalogue)
    {
        var read = Wire.Read<DecisionGiven>(given);
        return Router.Choose(read.Request, catalogue, read.State);
    }

    /// <summary>Whether making it again gives the stored decision, to the last character.</summary>
    /// <param name="given">As in <see cref="Of"/>.</param>
    /// <param name="document">The stored <see cref="Decision"/> as JSON.</param>
    /// <param name="catalogue">As in <see cref="Of"/>.</param>
    public static bool IsSame(string given, string document, Catalogue catalogue) => Wire.Write(Of(given, catalogue)) == document;
}
