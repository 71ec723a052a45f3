using Pipeline.Tools.Audit;

namespace Pipeline.Tools.Assets;

/// <summary>What a scrub found.</summary>
/// <param name="Ok">Nothing is wrong.</param>
/// <param name="ObjectsChecked">Objects that rows name.</param>
/// <param name="BytesRead">Of them.</param>
/// <param name="Damaged">Those that are not what their names say.</param>
/// <param name="Database">What the engine's integrity check says; empty when it is content.</param>
/// <param name="Audit">Chains that do not hold.</param>
public sealed record ScrubReport(
    bool Ok, long ObjectsChecked, long BytesRead, IReadOnlyList<DamagedObject> Damaged, IReadOnlyList<string> Database, IReadOnlyList<BrokenChain> Audit);

/// <summary>An object that cannot be served.</summary>
/// <param name="Sha256">Its name: putting bytes with this hash again mends it.</param>
/// <param name="Problem">missing, size or changed.</param>
/// <param name="SizeBytes">As the rows have it.</param>
/// <param name="FoundBytes">As the disk has it.</param>
/// <param name="Assets">The versions that hold it.</param>
public sealed record DamagedObject(string Sha256, string Problem, long? SizeBytes, long? FoundBytes, IReadOnlyList<string> Assets);

/// <summary>How far a scrub is.</summary>
/// <param name="Objects">Checked so far.</param>
/// <param name="Bytes">Read so far.</param>
/// <param name="Damaged">Found so far.</param>
public sealed record ScrubProgress(long Objects, long Bytes, int Damaged);
