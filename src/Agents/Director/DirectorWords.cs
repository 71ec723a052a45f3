using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Director;

/// <summary>The texts that a model is instructed with; they are files of their own and travel inside the program.</summary>
public static class DirectorWords
{
    public static string Planner => Read("planner.md") + "\n" + Quoted.Rule;

    public static string Judge => Read("judge.md") + "\n" + Quoted.Rule;

    public static string Takes => Read("takes.md") + "\n" + Quoted.Rule;

    public static string FilmPlanner => Read("film.md") + "\n" + Quoted.Rule;

    /// <summary>The guide to plans: the language, and every capability with its inputs, outputs and metrics.</summary>
    public static string Guide => Read("plans.md");

    private static string Read(string name)
    {
        using var text = new StreamReader(typeof(DirectorWords).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"{name} is not in the program.", name));
        return text.ReadToEnd();
    }
}
