namespace Pipeline.Tools.Models;

/// <summary>A card made ready for deciding: sets as bits, limits as plain numbers.</summary>
public sealed class CardFacts
{
    private const int TextAndImage = (1 << (int)MediaKind.Text) | (1 << (int)MediaKind.Image);

    private readonly PriceFacts? _price;
    private readonly double _maxDurationSeconds;
    private readonly int _maxWidth, _maxHeight, _maxReferences, _maxPrompt, _retiresOn;
    private readonly bool _isSilentVideo;
    private readonly string[] _aspects;

    public CardFacts(ModelCard card)
    {
        Card = card;
        Takes = Bits(card.Inputs);
        Requires = Bits(card.Requires);
        var limits = card.Limits;
        _maxDurationSeconds = limits.MaxDurationSeconds ?? double.PositiveInfinity;
        _maxWidth = limits.MaxWidth ?? int.MaxValue;
        _maxHeight = limits.MaxHeight ?? int.MaxValue;
        _maxReferences = limits.MaxReferences ?? int.MaxValue;
        _maxPrompt = limits.MaxPromptCharacters ?? int.MaxValue;
        _retiresOn = card.RetiresOn?.DayNumber ?? int.MaxValue;
        _aspects = [.. limits.Aspects];
        _isSilentVideo = card.Outputs.Contains(MediaKind.Video) && !limits.Audio;
        _price = card.Price is null ? null : new PriceFacts(card.Price);
    }

    public ModelCard Card { get; }

    /// <summary>The kinds of input it takes, a bit each.</summary>
    public int Takes { get; }

    public int Requires { get; }

    /// <summary>A set of kinds as bits.</summary>
    public static int Bits(IReadOnlyList<MediaKind> kinds)
    {
        var bits = 0;
        for (var i = 0; i < kinds.Count; i++) bits |= 1 << (int)kinds[i];
        return bits;
    }

    /// <summary>What it cannot take of a demand for one of its capabilities.</summary>
    /// <param name="demand">What is asked.</param>
    /// <param name="given">The kinds of input handed over, as bits.</param>
    /// <param name="day">The day's number.</param>
    public Misfit Misfits(Demand demand, int given, int day)
    {
        var misfit = day >= _retiresOn ? Misfit.Retired : Misfit.None;
        if ((Requires & ~given) != 0) misfit |= Misfit.NeedsInput;
        // Video and audio come through the same input, so that only text and images tell models apart.
        if ((given & TextAndImage & ~Takes) != 0) misfit |= Misfit.TakesNoInput;
        if (_maxDurationSeconds < demand.DurationSeconds) misfit |= Misfit.Duration;
        if (demand.SizeAsked && (_maxWidth < demand.Width || _maxHeight < demand.Height)) misfit |= Misfit.Size;
        if (demand.Aspect is { } aspect && _aspects.Length > 0 && Array.IndexOf(_aspects, aspect) < 0) misfit |= Misfit.Aspect;
        if (_maxReferences < demand.References) misfit |= Misfit.References;
        if (_maxPrompt < demand.Prompt.Length) misfit |= Misfit.Prompt;
        if (_isSilentVideo && demand.Audio) misfit |= Misfit.Sound;
        return misfit;
    }

    /// <summary>The price of one call; null when there is no price, or no line for it.</summary>
    public long? CostMicros(Demand demand) => _price?.CostMicros(demand);
}
