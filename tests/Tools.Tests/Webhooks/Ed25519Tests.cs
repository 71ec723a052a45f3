using System.Security.Cryptography;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Tests.Webhooks;

public sealed class Ed25519Tests
{
    /// <summary>RFC 8032 section 7.1, tests 1 to 3: seed, public key, message, signature.</summary>
    public static TheoryData<string, string, string, string> Vectors { get; } = new()
    {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void It_signs_as_the_standard_says(string seed, string publicKey, string message, string signature)
    {
        Assert.Equal(publicKey, Convert.ToHexStringLower(Ed25519.PublicKey(Convert.FromHexString(seed))));
        Assert.Equal(signature, Convert.ToHexStringLower(Ed25519.Sign(Convert.FromHexString(seed), Convert.FromHexString(message))));
        Assert.True(Ed25519Check.Holds(Convert.FromHexString(publicKey), Convert.FromHexString(message), Convert.FromHexString(signature)));
    }

    [Fact]
    public void An_independent_check_takes_every_signature_and_no_changed_one()
    {
        for (var length = 0; length < 20; length++)
        {
            var (seed, message) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(length * 7));
            var (publicKey, signature) = (Ed25519.PublicKey(seed), Ed25519.Sign(seed, message));
            Assert.True(Ed25519Check.Holds(publicKey, message, signature));
            Assert.False(Ed25519Check.Holds(publicKey, [.. message, 0], signature));
            signature[length * 3] ^= 1;
            Assert.False(Ed25519Check.Holds(publicKey, message, signature));
        }
    }

    /// <summary>Key and signature were computed with another language's library over the specification's example.</summary>
    [Fact]
    public void The_signature_is_the_one_that_others_compute()
    {
        const string Pair = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

        var signed = WebhookSignature.Sign(WebhookSecret.Check(Pair), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}""");

        Assert.Equal("v1a,yoUrgEkc12aGqm0n4Sydmdz55xJfTz4AsAgieHFjmkR7LJtqVCZOQYzvvHjI5kAey+r4iaBGxTFRrl2iBQxtDQ==", signed);
        Assert.Equal("whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", WebhookSecret.PublicKey(Pair));
        Assert.Equal(signed, WebhookSignature.Sign("whsk_" + Convert.ToBase64String(WebhookSecret.Key(Pair)), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""));
    }

    [Fact]
    public void A_pair_whose_halves_do_not_belong_together_is_refused()
    {
        var (one, two) = (WebhookSecret.Make(WebhookSecret.V1A), WebhookSecret.Make(WebhookSecret.V1A));
        var mixed = "whsk_" + Convert.ToBase64String([.. WebhookSecret.Key(one), .. Ed25519.PublicKey(WebhookSecret.Key(two))]);

        Assert.Equal(one, WebhookSecret.Check(one));
        Assert.Throws<InvalidArgumentError>(() => WebhookSecret.Check(mixed));
        Assert.Throws<InvalidArgumentError>(() => WebhookSecret.Check("whsk_" + Convert.ToBase64String(new byte[33])));
    }
}
