using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace EdgeRelease.Api;

/// <summary>One CustomResourceDefinition, made from the contract.</summary>
/// <param name="Kind">The kind that it defines.</param>
/// <param name="Body">The whole object.</param>
public sealed record CrdDocument(ApiKind Kind, JsonObject Body)
{
    private const string ApiVersionText =
        "Version of the schema of this object. See https://kubernetes.io/docs/concepts/overview/working-with-objects.";

    /// <summary>The CRDs of all kinds, in the order in which people meet them.</summary>
    /// <exception cref="FileNotFoundException">The program was published without the docstrings of the contract.</exception>
    public static IReadOnlyList<CrdDocument> All()
    {
        var docstrings = Docstrings.Read();
        var api = ApiJson.Default;
        return
        [
            WithStatus(
                ApiKind.Application,
                PrinterColumn.Application,
                docstrings,
                api.LosantApplicationSpec,
                api.LosantApplicationStatus
            ),
            WithStatus(ApiKind.Release, PrinterColumn.Release, docstrings, api.EdgeReleaseSpec, api.EdgeReleaseStatus),
            Revisions(docstrings),
        ];
    }

    /// <summary>The object as YAML, always the same for the same contract.</summary>
    public string ToYaml() => YamlText.Of(Body);

    /// <summary>The schema of the kind's objects.</summary>
    public JsonObject Schema => Body["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static CrdDocument WithStatus(
        ApiKind kind,
        IReadOnlyList<PrinterColumn> columns,
        Docstrings docstrings,
        JsonTypeInfo spec,
        JsonTypeInfo status
    )
    {
        var statusSchema = StructuralSchema.Of(status, defaults: false, docstrings);
        // Tools that wait read this as: the operator has not seen the object yet.
        statusSchema["default"] = new JsonObject { ["observedGeneration"] = -1 };
        var specSchema = StructuralSchema.Of(spec, defaults: true, docstrings);
        var schema = Root(docstrings.Of(kind));
        schema["properties"]!["spec"] = specSchema;
        schema["properties"]!["status"] = statusSchema;
        schema["required"] = new JsonArray("spec");
        var version = Version(columns, schema);
        version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        return new CrdDocument(kind, Definition(kind, ["all", "losant"], version));
    }

    // A revision has no spec and no status: its fields stand beside metadata, and all are written as one.
    private static CrdDocument Revisions(Docstrings docstrings)
    {
        var fields = StructuralSchema.Of(ApiJson.Default.EdgeReleaseRevision, defaults: false, docstrings);
        var schema = Root(docstrings.Of(ApiKind.Revision));
        foreach (var (name, field) in fields["properties"]!.AsObject())
        {
            schema["properties"]![name] = field!.DeepClone();
        }

        schema["required"] = new JsonArray("revision", "shard");
        return new CrdDocument(
            ApiKind.Revision,
            Definition(ApiKind.Revision, ["losant"], Version(PrinterColumn.Revision, schema))
        );
    }

    private static JsonObject Root(string description) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = new JsonObject { ["description"] = ApiVersionText, ["type"] = "string" },
                ["kind"] = new JsonObject { ["description"] = "Kind of this object.", ["type"] = "string" },
                ["metadata"] = new JsonObject { ["type"] = "object" },
            },
        };

    private static JsonObject Version(IReadOnlyList<PrinterColumn> columns, JsonObject schema) =>
        new()
        {
            ["name"] = ApiGroup.Version,
            ["served"] = true,
            ["storage"] = true,
            ["additionalPrinterColumns"] = new JsonArray([.. columns.Select(column => column.ToJson())]),
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
        };

    private static JsonObject Definition(ApiKind kind, string[] categories, JsonObject version) =>
        new()
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{kind.Plural}.{ApiGroup.Name}" },
            ["spec"] = new JsonObject
            {
                ["group"] = ApiGroup.Name,
                ["names"] = new JsonObject
                {
                    ["kind"] = kind.Name,
                    ["listKind"] = $"{kind.Name}List",
                    ["plural"] = kind.Plural,
                    ["singular"] = kind.Singular,
                    ["shortNames"] = new JsonArray(kind.ShortName),
                    ["categories"] = new JsonArray([.. categories.Select(category => (JsonNode)category)]),
                },
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(version),
            },
        };
}
