namespace Pipeline.Agents.Director;

/// <summary>Where the parts of a generated film lie, and how its steps are called.</summary>
public sealed record FilmPaths(string Workspace, string Film)
{
    public string Reference(string subject) => $"{Workspace}/references/{Film}/{subject}.png";

    public string Keyframe(int shot) => $"{Workspace}/keyframes/{Film}/{shot}.png";

    /// <param name="take"><c>a</c> or <c>b</c> for the rivals, <c>c</c> for another pass.</param>
    public string Take(int shot, string take) => $"{Workspace}/takes/{Film}/{shot}-{take}.mp4";

    public string Comparison(int shot) => $"{Workspace}/takes/{Film}/{shot}-compared.jpg";

    public string Finished(int shot, string stage) => $"{Workspace}/shots/{Film}/{shot}-{stage}.mp4";

    public string Sound(string name) => $"{Workspace}/sound/{Film}/{name}";

    public string Draft => $"{Workspace}/drafts/{Film}.mp4";

    /// <summary>A subject's name as part of a step's id and of a path.</summary>
    public static string Slug(string name)
    {
        var slug = new string([.. name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]).Trim('-');
        return slug.Length == 0 ? "subject" : slug.Length > 40 ? slug[..40] : slug;
    }
}
