using Pipeline.Storage.State;

namespace Pipeline.Tools.Calls;

/// <summary>Refuses a claim that was superseded. Declared here for the slices that write; runs answer it.</summary>
public interface IClaimCheck
{
    ValueTask CheckAsync(IQuery query, StepClaim claim, Caller caller);
}
