using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Reporting;

/// <summary>A history as one page that needs nothing else: a row for each client, a bar for each call, a line for each fault. Wheel and drag move through time.</summary>
internal static class TimelinePage
{
    private const int MostCalls = 20_000;

    public static void Write(string file, Verdict verdict, History history)
    {
        if (history.Events.Count == 0)
        {
            return;
        }

        var began = history.Events[0].AtNs;
        double Seconds(long atNs) => Math.Round((atNs - began) / 1e9, 4);
        var clients = history.Operations.Select(operation => operation.Client).Distinct().Order(StringComparer.Ordinal).ToList();
        var rows = clients.Select((name, row) => (name, row)).ToDictionary(pair => pair.name, pair => pair.row);
        var calls = history.Operations.TakeLast(MostCalls).Select(operation => new JsonArray(
            rows[operation.Client], Seconds(operation.InvokedAtNs), operation.ReturnedAtNs is { } end ? Seconds(end) : -1, (int)operation.Outcome,
            $"{operation.Tool} {Brief(operation.Arguments)} → {operation.Code ?? (operation.Answer is null ? "?" : Brief(operation.Answer))}"));
        var faults = history.Events.Where(happened => happened is { Client: "rig", Phase: "note" })
            .Select(happened => new JsonArray(Seconds(happened.AtNs), $"{happened.What} {happened.Body?.ToJsonString()}"));
        var data = new JsonObject
        {
            ["end"] = Seconds(history.Events[^1].AtNs),
            ["clients"] = new JsonArray([.. clients.Select(name => JsonValue.Create(name))]),
            ["calls"] = new JsonArray([.. calls]),
            ["faults"] = new JsonArray([.. faults]),
        };
        var left = history.Operations.Count > MostCalls ? string.Create(CultureInfo.InvariantCulture, $" The last {MostCalls:N0} of {history.Operations.Count:N0} calls are drawn.") : "";
        File.WriteAllText(file, Page
            .Replace("%TITLE%", WebUtility.HtmlEncode($"{verdict.Workload}, seed {verdict.Seed}: {(verdict.Holds ? "holds" : "VIOLATED")}"), StringComparison.Ordinal)
            .Replace("%WORDS%", WebUtility.HtmlEncode(verdict + left), StringComparison.Ordinal)
            .Replace("%DATA%", data.ToJsonString(new JsonSerializerOptions()), StringComparison.Ordinal));
    }

    private static string Brief(JsonObject body) => body.ToJsonString(HistoryEvent.Json) is { Length: > 160 } text ? text[..160] + "…" : body.ToJsonString(HistoryEvent.Json);

    private const string Page =
        """
        <!doctype html><meta charset="utf-8"><title>%TITLE%</title>
        <style>body{font:13px system-ui;margin:16px}pre{white-space:pre-wrap}canvas{border:1px solid #ccc;display:block}#tip{min-height:3em}</style>
        <h1>%TITLE%</h1><pre>%WORDS%</pre>
        <p>Green: answered. Amber: refused. Red: nobody knows. Violet lines: faults. Wheel zooms, dragging moves, the pointer tells.</p><pre id="tip"></pre><canvas id="c"></canvas>
        <script>
        const d=%DATA%,c=document.getElementById('c'),g=c.getContext('2d'),tip=document.getElementById('tip'),L=140,H=16;
        c.width=innerWidth-40;c.height=(d.clients.length+2)*H;let a=0,b=d.end||1;
        const X=t=>L+(t-a)/(b-a)*(c.width-L),T=x=>a+(x-L)/(c.width-L)*(b-a);
        function draw(){g.clearRect(0,0,c.width,c.height);g.font='11px system-ui';
          for(const [t,w] of d.faults){if(t<a||t>b)continue;g.fillStyle='#93c';g.fillRect(X(t),0,1,c.height);}
          for(const [r,s,e,o] of d.calls){const f=e<0?Math.min(d.end,s+(b-a)/200):e;if(f<a||s>b)continue;g.fillStyle=['#d33','#3a3','#d90'][o];g.fillRect(Math.max(L,X(s)),r*H+3,Math.max(1,X(f)-X(s)),H-5);}
          g.fillStyle='#fff';g.fillRect(0,0,L,c.height);g.fillStyle='#000';d.clients.forEach((n,i)=>g.fillText(n,2,i*H+12));
          g.fillText(a.toFixed(3)+' s',L,c.height-4);g.fillText(b.toFixed(3)+' s',c.width-60,c.height-4);}
        c.onwheel=e=>{e.preventDefault();const t=T(e.offsetX),k=e.deltaY>0?1.3:1/1.3;a=t-(t-a)*k;b=t+(b-t)*k;draw();};
        let drag=null;c.onmousedown=e=>drag=e.offsetX;onmouseup=()=>drag=null;
        c.onmousemove=e=>{if(drag!==null){const m=T(drag)-T(e.offsetX);a+=m;b+=m;drag=e.offsetX;draw();}
          const t=T(e.offsetX),r=Math.floor(e.offsetY/H),near=(b-a)/300;
          const f=d.faults.filter(f=>Math.abs(f[0]-t)<near).map(f=>f[0].toFixed(3)+' s '+f[1]);
          const k=d.calls.filter(k=>k[0]===r&&k[1]<=t+near&&(k[2]<0?k[1]>=t-near:k[2]>=t-near)).slice(0,3).map(k=>k[1].toFixed(4)+' s '+k[4]);
          tip.textContent=f.concat(k).join('\n');};
        draw();
        </script>
        """;
}
