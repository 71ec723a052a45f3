# One image for nodes and workers: `docker build -t pipeline .`, then `serve`, `work`, `direct`, `call`, `doctor`, ... as its arguments.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig ./
COPY src ./src
RUN dotnet publish src/McpServer -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:DebugType=none -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# ffmpeg does the media work, bubblewrap is the box around it (doctor says whether this host lets it work), curl asks for readiness.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg bubblewrap curl \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o "$APP_UID" -m 700 /data
COPY --from=build /app /app
USER $APP_UID
ENV PIPELINE_DATA=/data
VOLUME /data
EXPOSE 8787
ENTRYPOINT ["/app/pipeline-server"]
CMD ["serve", "--url", "http://0.0.0.0:8787", "--agents", "/run/secrets/agents"]
