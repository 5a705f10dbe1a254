-- Suspended where a person must act before it goes on, Degraded where it goes or went back or cannot go on at all.
local hs = {status = "Progressing", message = "the operator has not seen this version yet"}
if obj.metadata.deletionTimestamp ~= nil then
  hs.message = "being deleted"
  return hs
end
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return hs
end

local ready, stalled = nil, nil
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.type == "Ready" then
    ready = condition
  elseif condition.type == "Stalled" then
    stalled = condition
  end
end
if ready == nil then
  return hs
end

local waits_for_a_person = {WaitingForApproval = true, Paused = true, PausedByPolicy = true, Frozen = true}
hs.message = ready.message
if (stalled ~= nil and stalled.status == "True") or ready.status == "False" then
  hs.status = "Degraded"
elseif ready.status == "True" then
  hs.status = "Healthy"
elseif waits_for_a_person[ready.reason] then
  hs.status = "Suspended"
end
return hs
