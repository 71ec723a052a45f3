using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Tools.Audit;

/// <summary>
/// Links each entry to the one before it by SHA-256, so that an edit, a removal or a reordering anywhere changes the head.
/// Fields are hashed length-prefixed: no two different entries give the same bytes.
/// </summary>
public static class AuditChain
{
    /// <summary>The hash before the first entry.</summary>
    public const string Start = "";

    /// <summary>The hash of <paramref name="row"/> standing after <paramref name="previous"/>, in lower-case hexadecimal.</summary>
    public static string Link(string previous, AuditRow row)
    {
        var text = new StringBuilder();
        string?[] fields =
        [
            previous, row.Workspace, Number(row.Sequence), Number(row.AtMs), row.Principal, row.Agent, row.Tool, row.Asset, row.Outcome, row.Detail,
        ];
        foreach (var field in fields)
        {
            text.Append(field is null ? "-" : Number(field.Length)).Append(':').Append(field).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
