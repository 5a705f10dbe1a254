using System.Text;
using System.Text.Encodings.Web;

namespace EdgeRelease.Losant;

/// <summary>Finds a token in an answer, plain or in one of the forms that programs write it in.</summary>
internal sealed class TokenTrace
{
    // A shorter text is no token of Losant's, and would be found by chance.
    private const int Shortest = 8;
    private readonly byte[][] forms;

    /// <summary>The traces of a token.</summary>
    public TokenTrace(string token) =>
        forms =
            token.Length < Shortest
                ? []
                :
                [
                    .. new[]
                    {
                        token,
                        Uri.EscapeDataString(token),
                        JavaScriptEncoder.Default.Encode(token),
                        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(token),
                        Base64(token, 0),
                        Base64(token, 1),
                        Base64(token, 2),
                    }
                        .Distinct()
                        .Select(Encoding.ASCII.GetBytes),
                ];

    /// <summary>Whether a body holds the token.</summary>
    public bool IsIn(ReadOnlySpan<byte> body)
    {
        foreach (var form in forms)
        {
            if (body.IndexOf(form) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The part of its base64 that does not depend on what stands beside it, after some bytes of a group of
    /// three.</summary>
    private static string Base64(string token, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. Encoding.ASCII.GetBytes(token)]);
        var from = before == 0 ? 0 : before + 1;
        return text[from..((before + token.Length) * 8 / 6)];
    }
}
