-- What a person can ask of the revision that is under way now.
local status = obj.status or {}
local annotations = obj.metadata.annotations or {}
local waiting = status.waitingFor or {}
local underway = {Planning = true, Progressing = true, Soaking = true, Waiting = true, Paused = true}
local moves = underway[status.phase] == true and status.revision ~= nil

local reason = nil
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Ready" then
    reason = condition.reason
  end
end
local republished = status.phase == "Blocked" and reason == "VersionChangedUnderneath"

local approves = waiting.kind == "Approval" and waiting.token ~= nil
local promotes = moves and annotations["edgerelease.dev/promote"] ~= "r" .. status.revision
local resumes = annotations["edgerelease.dev/paused"] ~= nil or (waiting.kind == "Resume" and waiting.token ~= nil)
-- What failed, or went dark, is tried again by a retry only.
local devices = status.devices or {}
local misses = (devices.failed or 0) > 0 or (devices.lost or 0) > 0
local ended = status.phase == "Complete" or status.phase == "AtPercentage"
local stuck = republished or reason == "KnownBad" or reason == "NothingSucceeded"
local retries = status.phase == "RolledBack" or stuck or (ended and misses)

local actions = {}
actions["approve"] = {["disabled"] = not approves, ["iconClass"] = "fa fa-fw fa-check"}
actions["promote"] = {["disabled"] = not promotes, ["iconClass"] = "fa fa-fw fa-forward", ["displayName"] = "Promote (skip soaks and approvals)"}
actions["pause"] = {["disabled"] = not moves or status.phase == "Paused", ["iconClass"] = "fa fa-fw fa-pause"}
actions["resume"] = {["disabled"] = not resumes, ["iconClass"] = "fa fa-fw fa-play"}
actions["abort"] = {["disabled"] = not (moves or republished), ["iconClass"] = "fa fa-fw fa-stop", ["displayName"] = "Abort (roll back)"}
actions["retry"] = {["disabled"] = not retries, ["iconClass"] = "fa fa-fw fa-redo"}
return actions
