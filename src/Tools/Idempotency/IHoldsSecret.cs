namespace Pipeline.Tools.Idempotency;

/// <summary>A result with a secret that is shown once: what is stored for replay leaves it out and says so.</summary>
public interface IHoldsSecret
{
    /// <summary>The same result with <c>secret_shown</c> true and no secret.</summary>
    object WithoutSecret();
}
