using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pipeline.Storage;

namespace Pipeline.McpServer.Observing;

/// <summary>
/// Traces and metrics over OTLP. On when OTEL_EXPORTER_OTLP_ENDPOINT is set; the exporter reads that and its sisters (protocol, headers, sampler,
/// OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) itself, as the OpenTelemetry specification names them. Off, nothing of it is loaded.
/// </summary>
/// <remarks>
/// A tool call's trace: the caller's <c>traceparent</c> in <c>_meta</c> (or in the HTTP header), the SDK's span for the call, and below it ours for
/// programs, Npgsql's for SQL and .NET's for requests to the object store.
/// </remarks>
internal sealed class Telemetry : IDisposable
{
    private static readonly string[] Settings = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
    private static readonly string[] Sources = [Tracing.Name, "Experimental.ModelContextProtocol", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];
    private static readonly string[] Meters =
        [Tracing.Name, "Experimental.ModelContextProtocol", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql"];

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private Telemetry()
    {
        var version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var node = ResourceBuilder.CreateDefault().AddService("pipeline", serviceVersion: version, serviceInstanceId: Environment.MachineName + "-" + Environment.ProcessId)
            .AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(node).AddSource(Sources).AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(node).AddMeter(Meters).AddOtlpExporter().Build();
    }

    /// <summary>Whether the environment names a collector.</summary>
    public static bool IsWanted => Array.Exists(Settings, name => Serving.Settings.Read(name) is not null);

    /// <summary>Begins to export; null when nobody asked for it.</summary>
    public static Telemetry? Start() => IsWanted ? new() : null;

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
