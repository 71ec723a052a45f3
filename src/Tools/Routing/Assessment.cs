using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>Every model of a capability held against one request. Words are made only when somebody asks.</summary>
internal sealed class Assessment
{
    // Chosen so that quality and price decide between models that fit, and speed and past failures break ties.
    private const double FitWeight = 0.30;
    private const double LatencyWeight = 0.10;
    private const double ReliabilityWeight = 0.15;
    private const double QualityAndCostWeight = 0.45;

    /// <summary>More than quality, price and speed can make up for: a full model is taken when no other of its worth is free.</summary>
    public const double FullPenalty = 0.5;

    private const double Believed = 0.95;

    private readonly Lineup _lineup;
    private readonly Verdict[] _verdicts;
    private readonly ModelHealth?[]? _health;
    private double _dearest;
    private double _slowest;
    private double _quality;

    private Assessment(RouteRequest request, Catalogue catalogue, RoutingState state)
    {
        (Request, State) = (request, state);
        _lineup = catalogue.Lineup(request.Capability);
        Cards = _lineup.Cards;
        Demand = Demand.From(request.Capability, request.Inputs);
        Complexity = PromptComplexity.Of(Demand.Prompt);
        _verdicts = new Verdict[Cards.Length];
        _health = state.Health.Count == 0 ? null : new ModelHealth?[Cards.Length];
    }

    public RouteRequest Request { get; }

    public RoutingState State { get; }

    public Demand Demand { get; }

    public CardFacts[] Cards { get; }

    public double Complexity { get; }

    public int Open { get; private set; }

    /// <summary>The dearest fit premium model's price; null when there is none.</summary>
    public long? PremiumCostMicros { get; private set; }

    public ref readonly Verdict this[int at] => ref _verdicts[at];

    public static Assessment Of(RouteRequest request, Catalogue catalogue, RoutingState state)
    {
        var assessment = new Assessment(request, catalogue, state);
        assessment.Bar();
        var tiers = assessment.Fit();
        assessment.Mark();
        assessment.Object(tiers);
        // Models that failed the step before come last of all.
        if (assessment.Open == 0 && request.Failed.Count > 0) assessment.Forgive();
        assessment.Score();
        return assessment;
    }

    /// <summary>Where a model stands, or -1.</summary>
    public int Find(string model) => _lineup.Find(model);

    // What nobody here can call offers no tier either; its price still counts as what the dearest would cost.
    private void Bar()
    {
        foreach (var id in Request.Unserved)
        {
            if (Find(id) is >= 0 and var at) _verdicts[at].Against = (int)Objection.Unserved;
        }
    }

    // The tiers that may be taken, a bit each.
    private int Fit()
    {
        var given = CardFacts.Bits(Demand.Given);
        var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(State.NowMs).UtcDateTime).DayNumber;
        int lowest = int.MaxValue, highest = -1;
        for (var at = 0; at < Cards.Length; at++)
        {
            ref var verdict = ref _verdicts[at];
            var card = Cards[at];
            var cost = card.CostMicros(Demand);
            var misfits = (int)card.Misfits(Demand, given, day);
            var tier = (int)card.Card.Tier;
            verdict.CostMicros = cost ?? -1;
            verdict.Against |= misfits;
            if (misfits == 0 && tier == (int)Tier.Premium && cost is { } dear) PremiumCostMicros = Math.Max(PremiumCostMicros ?? 0, dear);
            if (verdict.Against == 0)
            {
                lowest = Math.Min(lowest, tier);
                highest = Math.Max(highest, tier);
            }

            if (cost is null) verdict.Against |= (int)Objection.NoPrice;
        }

        // A tier that no model of the capability has means the nearest that one has: a recipe without a premium variant is taken at delivery.
        if (Request.Constraints.Tier is not { } asked || highest < 0) return ~0;
        return asked == Tier.Draft ? 1 << lowest : ~0 << Math.Min(highest, (int)asked);
    }

    // What is known of a few models is brought to their places, so that the others are not asked for it.
    private void Mark()
    {
        foreach (var id in Request.Constraints.Exclude)
        {
            if (Find(id) is >= 0 and var at) _verdicts[at].Against |= (int)Objection.Excluded;
        }

        foreach (var id in Request.Failed)
        {
            if (Find(id) is >= 0 and var at) _verdicts[at].Against |= (int)Objection.Failed;
        }

        foreach (var (id, pool) in State.Pools)
        {
            if (pool.IsFull && Find(id) is >= 0 and var at) _verdicts[at].IsFull = true;
        }

        if (_health is null) return;
        foreach (var (id, health) in State.Health)
        {
            if (Find(id) is >= 0 and var at) _health[at] = health;
        }
    }

    private void Object(int tiers)
    {
        var constraints = Request.Constraints;
        for (var at = 0; at < Cards.Length; at++)
        {
            ref var verdict = ref _verdicts[at];
            var card = Cards[at].Card;
            var health = _health?[at];
            verdict.LatencySeconds = health?.LatencySeconds ?? card.Latency.Of(Demand.DurationSeconds);
            verdict.Quality = health?.Quality ?? card.Quality;
            verdict.Reliability = health?.Reliability ?? Believed;
            var against = Objection.None;
            if ((tiers & (1 << (int)card.Tier)) == 0) against |= Objection.Tier;
            if (verdict.CostMicros > constraints.MaxCostMicros) against |= Objection.TooDear;
            if (verdict.LatencySeconds > constraints.DeadlineSeconds) against |= Objection.TooSlow;
            if (health?.CooldownUntilMs > State.NowMs) against |= Objection.Resting;
            if (health?.IsTriedByAnother == true) against |= Objection.Tried;
            verdict.Against |= (int)against;
            if (verdict.Against == 0) Open++;
        }
    }

    private void Forgive()
    {
        for (var at = 0; at < _verdicts.Length; at++)
        {
            ref var verdict = ref _verdicts[at];
            if (verdict.Against != (int)Objection.Failed) continue;
            verdict.Against = 0;
            Open++;
        }
    }

    private void Score()
    {
        if (Open == 0) return;
        (_dearest, _slowest) = (1, 0.001);
        foreach (ref readonly var verdict in _verdicts.AsSpan())
        {
            if (!verdict.IsOpen) continue;
            _dearest = Math.Max(_dearest, verdict.CostMicros);
            _slowest = Math.Max(_slowest, verdict.LatencySeconds);
        }

        // How much quality counts against price: by the tier where one was asked for, by the prompt otherwise.
        _quality = Request.Constraints.Tier switch
        {
            Tier.Draft => 0.25,
            Tier.Delivery => 0.65,
            Tier.Premium => 0.9,
            _ => Demand.Prompt.Length == 0 ? 0.6 : 0.1 + (0.85 * Complexity),
        };
        var hasImage = Demand.Given.Contains(MediaKind.Image);
        for (var at = 0; at < _verdicts.Length; at++)
        {
            ref var verdict = ref _verdicts[at];
            if (verdict.IsOpen || verdict.IsPassing) verdict.Score = Score(in verdict, Cards[at], hasImage);
        }
    }

    private double Score(in Verdict verdict, CardFacts card, bool hasImage)
    {
        var score = (FitWeight * FitOf(card, hasImage))
            + (QualityAndCostWeight * ((_quality * verdict.Quality) + ((1 - _quality) * (1 - (verdict.CostMicros / _dearest)))))
            + (LatencyWeight * (1 - (verdict.LatencySeconds / _slowest)))
            + (ReliabilityWeight * verdict.Reliability)
            - (verdict.IsFull ? FullPenalty : 0);
        return Math.Round(score, 6);
    }

    // A model made for exactly what is given fits best: with an image, one that is built around it; without, one that needs none.
    private static double FitOf(CardFacts card, bool hasImage)
    {
        const int Image = 1 << (int)MediaKind.Image;
        if ((card.Takes & Image) == 0) return hasImage ? 0 : 1;
        return hasImage && (card.Requires & Image) != 0 ? 1 : 0.9;
    }
}
