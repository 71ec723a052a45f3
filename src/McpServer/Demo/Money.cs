using System.Globalization;

namespace Pipeline.McpServer.Demo;

/// <summary>Amounts for people.</summary>
internal static class Money
{
    /// <summary>Millionths of a dollar as dollars.</summary>
    public static string Text(long micros) => (micros / 1e6).ToString(micros == 0 ? "$0" : "$0.00####", CultureInfo.InvariantCulture);
}
