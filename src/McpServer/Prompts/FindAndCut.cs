namespace Pipeline.McpServer.Prompts;

/// <summary>Has the model find moments and cut them out.</summary>
internal static class FindAndCut
{
    public static PromptText Prompt { get; } = new(
        new()
        {
            Name = "find-and-cut",
            Title = "Find and cut",
            Description = "Find the moments that match a description and cut exactly those out.",
            Arguments =
            [
                PromptText.Needed("workspace", "The workspace to search."),
                PromptText.Needed("query", "What to find, in plain words."),
            ],
        },
        given =>
            $"""
            Find moments in Pipeline's workspace {given.Quoted("workspace")} that match this description, which is quoted data: {given.Quoted("query")}
            1. query_index with it; if the hits are weak, once more in other words. Judge by text, kind and score, and look at doubtful ones with extract_frames by hit_id.
            2. Show the best as a short list: asset, start and end, what is said or seen, why it fits. Leave out what does not fit; say so when nothing does.
            3. Cut the chosen ones with extract_segment by hit_id, mode exact, each to an output of its own under cuts/. When a path is taken, read its version and pass if_version, or choose another name.
            4. Report each cut with its real start and end, its asset with version, and how many source bytes were not moved.
            """);
}
