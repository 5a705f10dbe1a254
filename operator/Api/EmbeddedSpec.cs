namespace EdgeRelease.Api;

/// <summary>What concerns microcontrollers alone, whose flows are compiled into one bundle.</summary>
public sealed record EmbeddedSpec
{
    /// <summary>Whether devices that report a bundle which Losant did not build may be moved. When false they are left out
    /// and counted in <c>status.plan.excluded</c> as UnknownBundle.</summary>
    public bool AllowUnknownBundle { get; set; }

    /// <summary>Asks Losant for the bundle of the first device that each revision moves, for a test on a bench. When absent
    /// no bundle is asked for.</summary>
    public ExportCanarySpec? ExportCanary { get; set; }
}

/// <summary>Where the bundle of a revision's first device goes.</summary>
public sealed record ExportCanarySpec
{
    /// <summary>Where Losant posts a link to the bundle: an absolute URL of http or https, at most 1,024 characters. Losant
    /// calls it, not the operator.</summary>
    [Schema(Required = true, Pattern = Patterns.Web, MaxLength = 1024)]
    public string CallbackUrl { get; set; } = "";

    /// <summary>Whether the bundle is compressed.</summary>
    public bool Gzip { get; set; }
}
