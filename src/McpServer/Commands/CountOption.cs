using System.CommandLine;
using System.Globalization;

namespace Pipeline.McpServer.Commands;

/// <summary>How many of something, from one up to what makes sense.</summary>
internal static class CountOption
{
    public static Option<int> Create(string name, string description, int usual, int most) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = _ => usual,
        CustomParser = given =>
        {
            if (int.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most)
            {
                return count;
            }

            given.AddError($"{name} is a whole number from 1 to {most}, not '{given.Tokens[0].Value}'.");
            return usual;
        },
    };
}
