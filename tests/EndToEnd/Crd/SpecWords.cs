namespace EdgeRelease.Tests.EndToEnd.Crd;

/// <summary>Words for the members of a spec: good ones, those at an edge, and wrong ones.</summary>
internal static class SpecWords
{
    public static readonly string[] Names = ["a", "b", "step-1", "rest", "", "A", "-x", new('n', 63), new('n', 64)];

    public static readonly string[] Texts =
    [
        "v1.4.0",
        "develop",
        "default",
        "",
        "ä b",
        "10m\n",
        new('t', 255),
        new('t', 256),
    ];

    public static readonly string[] Ids =
    [
        "575ed18f7ae143cd83dc4aa6",
        "575ED18F7AE143CD83DC4AA6",
        "575ed18f7ae143cd83dc4aa7",
        "575ed18f7ae143cd83dc4aa",
        "",
    ];

    public static readonly string[] Durations =
    [
        "0s",
        "999ms",
        "1s",
        "10m",
        "1.5h",
        "24h",
        "24h1ms",
        "1h1h1h1h",
        "1h1h1h1h1h",
        "10",
        "-1s",
        "1d",
        "",
        "999999h999999h999999h999999h",
    ];

    public static readonly string[] Urls =
    [
        "https://api.losant.com",
        "http://localhost:1",
        "http://a.example",
        "https://a@b.example",
        "https://[::1]/",
        "",
    ];
}
