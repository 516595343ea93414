--[[
  Whose a partition's state is, and which life of it this is: the incarnation is part of the names of its buckets, so
  that what a lost state left behind is never taken for the new one's. Read here and not by the client, because the last
  entry may be large.

  KEYS[1]  the partition's log, a stream with ids <next offset>-<epoch>

  Returns  {incarnation, epoch}, or {} when there is no state
]]
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not last then return {} end
local incarnation
local fields = last[2]
for i = 1, #fields, 2 do
  if fields[i] == 'i' then incarnation = fields[i + 1] end
end
return {incarnation, string.match(last[1], '-(%d+)$')}
