import time
from tests.simulation.steps import draw
def test_x(play):
    import os
    t=time.time(); n=0; bad={}
    a,b=map(int,os.environ.get("R","0:40").split(":"))
    for s in range(a,b):
        r=play(draw(s)); n+=1
        if r: bad[s]=r
    print(n/(time.time()-t),"per s")
    for s,r in bad.items(): print(s, draw(s), "\n   ->", r[:1500])
    print(len(bad))
