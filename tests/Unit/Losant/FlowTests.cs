using EdgeRelease.Losant;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class FlowTests
{
    private const string Nodes = "\"nodes\":[{\"id\":\"x\",\"type\":\"Debug\"}],\"triggers\":[]";

    private static string Flow(int number, string name, string flowClass = "edge") =>
        $$"""{"id":"{{Rows.Id(number)}}","name":"{{name}}","flowClass":"{{flowClass}}",{{Nodes}}}""";

    private static string Version(int number, string version, string more = "") =>
        $$"""{"id":"{{Rows.Id(number)}}","version":"{{version}}",{{Nodes}}{{more}}}""";

    private static Task<IReadOnlyList<FlowRow>> FindFlows(ILosant losant, string nameOrId) =>
        losant.FindFlowsAsync(nameOrId, CancellationToken.None);

    private static Task<FlowVersionRow?> FindVersion(ILosant losant, string version) =>
        losant.FindVersionAsync(Script.Flow, version, CancellationToken.None);

    [Fact]
    public void Reads_which_custom_nodes_a_version_runs_whatever_else_its_nodes_look_like()
    {
        const string nodes = """
            "nodes":[{"type":"Debug","config":null},7,{"config":{"customNodeId":"575ed18f7ae143cd83dc4aa7","fields":[{"id":"x"}],
            "customNodeVersion":"v2"},"meta":{},"type":"CustomNodeExecuteNode"},{"type":"CustomNodeExecuteNode","config":
            {"customNodeId":"575ED18F7AE143CD83DC4AA7","customNodeVersion":"v2"}},{"type":"CustomNodeExecuteNode","config":[]},
            {"type":"CustomNodeExecuteNode","config":{"customNodeId":"parser","customNodeVersion":"v1"}},{"type":7}]
            """;
        var script = Script.Of(
            Script.Json(Rows.Page([$$"""{"id":"{{Rows.Id(2)}}","version":"v1",{{nodes}}}"""], 1, 100))
        );

        var version = script.Run(losant => FindVersion(losant, "v1"));

        Assert.Equal([new CustomNodeUse("575ed18f7ae143cd83dc4aa7", "v2")], version!.CustomNodes);
    }

    [Fact]
    public void Finds_the_application()
    {
        var script = Script.Of(Script.Json($$"""{"id":"{{Script.Application}}","name":"plant"}"""));

        var application = script.Run(losant => losant.FindApplicationAsync(CancellationToken.None));

        Assert.Equal(new LosantApplicationRow(Script.Application, "plant"), application);
        Assert.Equal($"/applications/{Script.Application}", script.Requests[0].Uri.AbsolutePath);
    }

    [Fact]
    public void Knows_that_an_application_does_not_exist() =>
        Assert.Null(Script.Of(Script.Status(404)).Run(losant => losant.FindApplicationAsync(CancellationToken.None)));

    [Fact]
    public void Finds_a_flow_by_its_id()
    {
        var script = Script.Of(Script.Json(Flow(5, "pump", "customNode")));

        var flows = script.Run(losant => FindFlows(losant, Script.Flow.ToUpperInvariant()));

        Assert.Equal([new FlowRow(Rows.Id(5), "pump", "customNode")], flows);
        Assert.Equal($"/applications/{Script.Application}/flows/{Script.Flow}", script.Requests[0].Uri.AbsolutePath);
    }

    [Fact]
    public void Finds_none_by_an_id_that_does_not_exist()
    {
        var script = Script.Of(Script.Status(404));

        Assert.Empty(script.Run(losant => FindFlows(losant, Script.Flow)));
        Assert.Single(script.Requests);
    }

    [Fact]
    public void Finds_flows_by_their_exact_name_among_edge_and_embedded_ones()
    {
        var script = new Script(sent =>
            Script.Json(
                sent.Query("flowClass") == "edge"
                    ? Rows.Page([Flow(1, "Pump*"), Flow(2, "pump*"), Flow(3, "pumps")], 3, 100)
                    : Rows.Page([Flow(4, "pump*", "embedded")], 1, 100)
            )
        );

        var flows = script.Run(losant => FindFlows(losant, "pump*"));

        Assert.Equal([Rows.Id(2), Rows.Id(4)], flows.Select(flow => flow.Id));
        Assert.All(
            script.Requests,
            sent => Assert.Equal("name=pump*", $"{sent.Query("filterField")}={sent.Query("filter")}")
        );
    }

    [Fact]
    public void Reads_all_pages_of_flows()
    {
        string[] flows = [.. Enumerable.Range(0, 200).Select(row => Flow(row, row == 150 ? "p" : "q"))];
        var script = new Script(sent =>
            Script.Json(
                sent.Query("flowClass") == "edge"
                    ? Rows.Page(
                        [.. flows.Skip(sent.Page * sent.PerPage).Take(sent.PerPage)],
                        flows.Length,
                        sent.PerPage
                    )
                    : Rows.Page([], 0, 100)
            )
        );

        Assert.Equal(Rows.Id(150), Assert.Single(script.Run(losant => FindFlows(losant, "p"))).Id);
    }

    [Fact]
    public void Does_not_call_a_version_unknown_when_its_list_lacks_rows()
    {
        var script = new Script(_ => Script.Json(Rows.Page([], 1)));

        var error = script.Fail(losant => FindVersion(losant, "v2"));

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreadable), (error.Kind, error.Reason));
    }

    [Fact]
    public void Says_that_the_application_is_gone_when_its_flows_are()
    {
        var error = Script.Of(Script.Status(404)).Fail(losant => FindFlows(losant, "pump"));

        Assert.Equal((ErrorKind.Terminal, LosantReason.NotFound), (error.Kind, error.Reason));
    }

    [Theory]
    [InlineData("""{"id":"000000000000000000000001"}""")]
    [InlineData("""{"id":"000000000000000000000001","name":"pump"}""")]
    [InlineData("""{"name":"pump","flowClass":"edge"}""")]
    [InlineData("""{"id":"000000000000000000000001","name":7,"flowClass":"edge"}""")]
    public void Refuses_a_flow_that_it_cannot_read(string body) =>
        Assert.Equal(
            LosantReason.Unreadable,
            Script.Of(Script.Json(body)).Fail(losant => FindFlows(losant, Script.Flow)).Reason
        );

    [Theory]
    [InlineData("v1.2.3")]
    [InlineData("a/b?c=d&e#f %2F ü")]
    [InlineData("v*")]
    public void Finds_a_version_by_its_exact_name(string name)
    {
        var script = Script.Of(
            Script.Json(
                Rows.Page([Version(1, name + "0"), Version(2, name, ",\"minimumAgentVersion\":\"1.2.0\"")], 2, 100)
            )
        );

        var version = script.Run(losant => FindVersion(losant, name));

        Assert.Equal(new FlowVersionRow(Rows.Id(2), name, "1.2.0"), version);
        var sent = Assert.Single(script.Requests);
        Assert.Equal($"/applications/{Script.Application}/flows/{Script.Flow}/versions", sent.Uri.AbsolutePath);
        Assert.Equal($"version={name}", $"{sent.Query("filterField")}={sent.Query("filter")}");
    }

    [Fact]
    public void Finds_no_version_whose_name_only_resembles()
    {
        var script = Script.Of(Script.Json(Rows.Page([Version(1, "V1"), Version(2, "v1 ")], 2, 100)));

        Assert.Null(script.Run(losant => FindVersion(losant, "v1")));
    }

    [Fact]
    public void Puts_the_name_on_one_line_in_an_error()
    {
        var error = Script.Of(Script.Status(404)).Fail(losant => FindVersion(losant, "v1\r\nx"));

        Assert.Equal($"cannot find version 'v1  x' of flow {Script.Flow}: HTTP 404", error.Message);
    }
}
