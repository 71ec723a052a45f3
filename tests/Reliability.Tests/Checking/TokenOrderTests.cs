using Pipeline.Reliability.Checking;
using static Pipeline.Reliability.Tests.Checking.HandMade;

namespace Pipeline.Reliability.Tests.Checking;

/// <summary>Tokens held against each other without a search.</summary>
public sealed class TokenOrderTests
{
    [Fact]
    public void Growing_tokens_are_fine_and_those_in_flight_together_may_come_in_any_order() =>
        Assert.Empty(TokenOrder.Faults(new HandMade().At(0, 10, Took("ada", 2)).At(5, 20, Took("bob", 1)).At(30, 31, Took("eve", 5)).Operations));

    [Fact]
    public void A_token_granted_twice_is_a_fault() =>
        Assert.Single(TokenOrder.Faults(new HandMade().At(0, 10, Took("ada", 1)).At(5, 20, Took("bob", 1)).Operations));

    [Fact]
    public void A_token_that_went_back_is_a_fault() =>
        Assert.Single(TokenOrder.Faults(new HandMade().At(0, 10, Took("ada", 4)).At(11, 20, Took("bob", 3)).Operations));
}
