using System.Security.Cryptography;

namespace Pipeline.Agents.Connecting;

/// <summary>Names for intents: an idempotency key says which effect is wanted, so that a call sent twice has it once.</summary>
public static class Intent
{
    /// <summary>A key for an intent that nothing else names.</summary>
    public static string New(string what) => $"{what}:{RandomNumberGenerator.GetHexString(24, lowercase: true)}";

    /// <summary>A short random name, unique enough among the agents of one house.</summary>
    public static string Name(string prefix) => $"{prefix}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    /// <summary>A number in [0, 1), for jitter.</summary>
    public static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
