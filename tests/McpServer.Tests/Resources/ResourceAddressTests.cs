using Pipeline.McpServer.Resources;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Tests.Resources;

public sealed class ResourceAddressTests
{
    [Theory]
    [InlineData("asset://film/shots/one.mp4@3", "film/shots/one.mp4@3")]
    [InlineData("asset://film/a%20b.txt", "film/a b.txt")]
    [InlineData("asset://film/caf%C3%A9%3F.txt@1", "film/café?.txt@1")]
    [InlineData("asset://film/100%25.txt", "film/100%.txt")]
    [InlineData("asset://film/a%2541.txt", "film/a%41.txt")]
    public void An_assets_address_is_decoded_exactly_once(string uri, string asset) =>
        Assert.Equal(asset, Assert.IsType<ResourceAddress.Asset>(ResourceAddress.Parse(uri)).Name.ToString());

    [Theory]
    [InlineData("asset://film/../other/a.txt")]
    [InlineData("asset://film/%2E%2E/a.txt")]
    [InlineData("asset://film%2Fa.txt")]
    [InlineData("asset://film/a%2fb.txt")]
    [InlineData("asset://film/a%252fb.txt")]
    [InlineData("asset://film/a.txt?x=1")]
    [InlineData("asset://film/a.txt#x")]
    [InlineData("asset://film/a b.txt")]
    [InlineData("asset://film/a%00.txt")]
    [InlineData("asset://film/a%4")]
    [InlineData("asset://film/a%+4.txt")]
    [InlineData("asset://film/a%")]
    [InlineData("asset://film/a%C3.txt")]
    [InlineData("asset://film")]
    [InlineData("asset://film/a.txt@0")]
    public void A_malformed_address_is_refused(string uri) => Assert.Throws<InvalidArgumentError>(() => ResourceAddress.Parse(uri));

    [Fact]
    public void Half_a_character_is_refused() => Assert.Throws<InvalidArgumentError>(() => ResourceAddress.Parse("asset://film/" + (char)0xD800 + ".txt"));

    [Fact]
    public void An_endless_address_is_refused() => Assert.Throws<InvalidArgumentError>(() => ResourceAddress.Parse("asset://film/" + new string('a', 4000)));

    [Fact]
    public void A_runs_address_holds_its_id() => Assert.Equal("run_1a", Assert.IsType<ResourceAddress.Run>(ResourceAddress.Parse("run://run_1a")).RunId);

    [Theory]
    [InlineData("run://")]
    [InlineData("run://a/b")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ASSET://film/a.txt")]
    public void Another_kind_of_address_names_nothing(string uri) => Assert.Throws<NotFoundError>(() => ResourceAddress.Parse(uri));
}
