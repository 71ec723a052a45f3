namespace Pipeline.Tools.Media.Recipes;

/// <summary>Sizes that encoders take.</summary>
internal static class Scale
{
    public static int Even(double size) => Math.Max(2, (int)Math.Round(size / 2) * 2);
}
