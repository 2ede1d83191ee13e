"""Words that mean something in the names of people and organisations: lists, and nothing else.

All are folded, as `netcrm.model.text.words` makes them, and were put together for netcrm.
"""

# ruff: noqa: SIM905 - lists as people read them

from typing import Final

CREDENTIALS: Final = frozenset(
    """
    aca acc acca aia amft aprn ba bba bcba bed beng bs bsc bsn cae cbap ccc ccim ccna ceo cfa cfe
    cfo cfp che chrp cipd cisa cism cissp cma cmo cmp coo cpa cpcc cphr cpm cpp cprw crc crna cscs
    csm cspo cto dba dc dclinpsych dds dmd dnp do dphil dr drph dsc dsw dvm ea ed edd edm eds eit
    emba esq faan facc facp facs faia fca fcca frcp frcs frcpsych frm fsa gphr icf jd jp lac lcat
    lcpc lcsw licsw llb llm lmft lmhc lmsw lpc lpcc lpn lsw ma march mba mbbs mch mcp md med meng
    mfa mft mha mim mls mpa mph mphil mpp mps mrcp mrcpsych mrics ms msc mscp msed msn msw mts np od
    ot otr pa pcc pe peng pgce pgdip phd pharmd phr pmhnp pmp pms psyd pt qc rd rdn rn rph sfc shrm
    shrmcp shrmscp sphr togaf
    """.split()
)
"""What stands behind a name and is none."""

GENERATIONS: Final = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv",
}  # fmt: skip
"""What tells parents and children of one name apart."""

TITLES: Final = frozenset(
    """
    dame dott dr eng frau fr herr hon ing lic madame mag miss mme monsieur mr mrs ms msgr mx prof
    professor rabbi rev senor senora sir sra
    """.split()
)
"""What stands before a name."""

PRONOUNS: Final = frozenset(
    """
    any el ella ellas elle elles ellos em er ey he her hers him hir his iel it its per pers she shes
    si sie sies their theirs them they xe xem ze zem zir
    """.split()
)

LEGAL_FORMS: Final = tuple(
    tuple(form.split())
    for form in (
        "inc|incorporated|corp|corporation|co|company|llc|l l c|llp|l l p|lllp|lp|l p|pllc|pc|p c|"
        "ltd|limited|plc|p l c|cic|pty|pte|pvt|private limited|gmbh|g m b h|mbh|ag|a g|kg|k g|kgaa|"
        "ohg|ug|e v|e g|gbr|sa|s a|sas|s a s|sarl|s a r l|eurl|sasu|srl|s r l|s p a|snc|s l|slu|"
        "s l u|s c|s a u|de cv|de c v|bv|b v|nv|n v|c v|vof|bvba|vzw|asbl|a b|a s|asa|aps|a p s|oy|"
        "oyj|kft|zrt|nyrt|sro|s r o|sp z o o|sp zoo|doo|d o o|dd|d d|ood|eood|ooo|oao|zao|pao|kk|"
        "k k|bhd|sdn|ltda|limitada|lda|eireli|epp|cia|ltd sti|jsc|pjsc|holding|holdings"
    ).split("|")
)
"""What stands behind the name of an organisation. Forms that are words count with dots only."""

EAST_ASIAN_FORMS: Final = tuple(
    "股份有限公司 有限责任公司 有限公司 株式会社 有限会社 合同会社 주식회사 유한회사".split()
)
"""Legal forms before or behind a name, with no blank between."""

SHARED_MAILBOXES: Final = frozenset(
    """
    abuse accounts admin admissions advising alumni billing booking bookings career careers contact
    customerservice dept donotreply enquiries events feedback finance frontdesk general hello help
    helpdesk hi hr info information inquiries intake jobs mail mailbox marketing media membership
    news newsletter noreply office orders people pr press program reception recruiting recruitment
    registrar registration reservations sales scheduling secretary service services staff studio
    support talent team volunteer web webmaster welcome
    """.split()
)
"""What stands before the @ where several people read."""

NICKNAMES: Final = tuple(
    tuple(group.split())
    for group in """
    abigail abby gail | abraham abe bram | adelaide addie ada | adrian ade | agnes aggie | alan
    al | albert al bert albie | alejandro alex ale | alexander alex al sandy xander sasha alec
    lex | alexandra alex sandra sasha lexi sandy ali | alfred alf alfie fred | alice allie |
    alison ali allie | amanda mandy | amelia amy millie | ana anita | andreas andi | andrew andy
    drew | angela angie | anne ann annie nan nancy anna | anthony tony ant | antonia toni tonia
    | antonio tony toni | archibald archie | arnold arnie | arthur art | augustus gus | barbara
    barb barbie babs | bartholomew bart | beatrice bea trixie | benedict ben | benjamin ben
    benny benji | bernadette bernie | bernard bernie | bradley brad | brenda bren | bridget
    biddy bridie | calvin cal | cameron cam | carolina caro | caroline carrie caro carol |
    catherine cathy kate katie cat kathy kit kitty | cecilia cece celia | charles charlie chuck
    chas chaz | charlotte charlie lottie | chester chet | christian chris | christina chris
    chrissy tina christie | christine chris chrissy tina | christopher chris kit topher |
    clarence clare | clifford cliff | constance connie | cornelius neil | cynthia cindy | daniel
    dan danny | danielle dani | david dave davey | deborah deb debbie debra | delilah lila |
    dennis denny | dmitri dima mitya | dolores lola | dominic dom nick | donald don donnie |
    dorothy dot dottie dolly | douglas doug | edgar ed | edith edie | edmund ed eddie ned ted |
    eduardo edu lalo | edward ed eddie ned ted teddy | edwin ed | eleanor ellie nell nora lena |
    elena lena | eli elias | elijah eli | elizabeth liz beth betty eliza lizzie libby betsy bess
    elisa | emanuel manny | emily em millie | enrique quique | ernest ernie | esther essie |
    eugene gene | evelyn evie | evgeny zhenya | ezekiel zeke | fernando nando | florence flo |
    frances fran frankie fanny | francesca fran chessie | francis frank fran | francisco paco
    pancho | franklin frank | frederick fred freddie rick | gabriel gabe | gabriela gabi gaby |
    genevieve gen viv | geoffrey geoff | george georgie | georgina georgie gina | gerald gerry
    jerry | gerard gerry | gertrude gertie trudy | gilbert gil bert | giovanni gianni | giuseppe
    beppe pino | gordon gordy | grace gracie | gregory greg | guadalupe lupe | gustavo gus |
    gwendolyn gwen | hannah anna | hans johannes hannes | harold harry hal | harriet hattie |
    helen nell lena | henrietta etta hettie | henry harry hank hal | herbert herb bert | howard
    howie | hubert bert | ignacio nacho | irene rene | isaac ike zac | isabel isa bella izzy |
    isabella bella izzy isa | isadora izzy dora | israel izzy | ivan vanya | jacob jake |
    jacqueline jackie | james jim jimmy jamie | jane janie jenny | janet jan | jason jay | jean
    jeanie | jeffrey jeff | jennifer jen jenny jenn | jeremiah jerry jem | jeremy jerry jez |
    jerome jerry | jessica jess jessie | jesus chuy | jill gillian | joan joanie | joanna jo
    joanne | joaquin quino | john johnny jack jon | jonathan jon jonny | jordan jordy | jose
    pepe chepe | josef sepp | josefa pepa | joseph joe joey jo | josephine jo josie | joshua
    josh | joyce joy | juan juanito | judith judy jude | julia julie jules | julian jules |
    juliana julie | kaitlyn kate | katarzyna kasia | katherine kathy kate katie kat kay kit |
    kathleen kathy kath kate | kenneth ken kenny | kimberly kim | klaus nikolaus | konstantin
    kostya | kristen kris kristi | kristina kris tina | laura laurie lori | lawrence larry
    laurie | leah lee | leonard len lenny leo | leonardo leo | leopold leo | leslie les | lewis
    lew lou | lillian lily lil | linda lindy | louis lou louie | louisa lou | louise lou | lucas
    luke | lucia lucy luz | lucille lucy | ludwig lutz | luis lucho | lydia liddy | lyudmila
    lyuda mila | madeline maddie | magdalena lena magda | malcolm mal | manuel manny manolo |
    marcus marc mark | margaret maggie meg peg peggy marge greta daisy | margarita rita | maria
    mary mia | mariana mari | marjorie marge | martha marty | martin marty | martina tina | mary
    molly polly mamie | matilda tilly | matthew matt matty | maureen mo | maurice mo morrie |
    maximilian max | maxine max | maxwell max | megan meg | melanie mel | melissa mel | melvin
    mel | mercedes merche | michael mike mick mickey mikey | michelle shelly | miguel mike |
    mikhail misha | mildred millie | miranda mandy | miriam mimi | mitchell mitch | mohammed mo
    mohamed muhammad | morgan mo | moses mo | nadezhda nadia | nancy nan | natalia natasha nat
    talia | natalie nat | nathan nate nat | nathaniel nate nat | nicholas nick nicky nico klaus
    | nicole nikki nic | nikolai kolya | norbert bert | norman norm | oliver ollie | olivia liv
    livvy | oscar ozzy | oswald ozzie | pamela pam | patricia pat patty tricia trish | patrick
    pat paddy rick | paul paulie | paula pauline | pauline polly | pedro perico | penelope penny
    | perceval percy | peter pete | philip phil pip | phyllis phyl | priscilla cilla | prudence
    prue | rachel rae | rafael rafa rafi | ralph raff | randall randy | raymond ray | rebecca
    becky becca | regina gina | reginald reg reggie | ricardo rick ricky | richard rick dick
    rich ricky richie | robert bob rob bobby robbie bert | roberta bobbie | roberto beto |
    roderick rod rick | rodney rod | roger rodge | roland rollie | ronald ron ronnie | rosalind
    roz | rosemary rose rosie | rudolph rudy | rupert rup | russell russ | ruth ruthie |
    salvador sal | salvatore sal | samantha sam | samuel sam sammy | sandra sandy | sara sarah
    sally sadie | sebastian seb bas | sergei seryozha | sergio checo | seymour sy | sharon shari
    | shirley shirl | sidney sid | simon si | sophia sophie | stanley stan | stefan steff |
    stephanie steph | stephen steve steven stevie | stewart stu | stuart stu | susan sue susie
    suzy | susanna sue susie | suzanne sue suzy | sylvester sly | sylvia syl | tabitha tabby |
    tamara tammy | tatiana tanya | terence terry | teresa terry tess tessa | thaddeus thad |
    theodora dora theo | theodore ted teddy theo | thomas tom tommy | tiffany tiff | timothy tim
    timmy | tobias toby | ursula uschi | valentina val | valerie val | vanessa nessa | veronica
    ronnie vera | vicente chente | victor vic | victoria vicky tori vic | vincent vince vin |
    viola vi | violet vi | virginia ginny | vivian viv | vladimir vova volodya | walter walt
    wally | wendell wendy | wilhelm willi | wilhelmina mina willa | william bill will billy
    willy liam | winifred winnie | winston win | xavier javier | yevgenia zhenya | yolanda yoli
    | yvonne vonnie | zachary zac zach zack
    """.split("|")
)
"""Given names, each with those that are short for it."""

RANKS: Final = {
    word: rank
    for rank, said in (
        (1, "intern internship trainee student apprentice volunteer"),
        (2, "junior jr"),
        (4, "senior sr specialist coordinator resident"),
        (5, "lead principal staff supervisor manager charge professor attending"),
        (7, "head director"),
        (8, "vp partner dean"),
        (9, "chief president ceo cto cfo coo founder cofounder owner chair"),
    )
    for word in said.split()
}
"""How high words in titles stand, from 1 to 9; what has none of them is 3 (our choice)."""
BELOW: Final = frozenset("assistant associate deputy vice adjunct acting interim".split())
"""Words in titles that mean a step below (our choice)."""
